libnscore_la_SOURCES += \
	%reldir%/analyse.h %reldir%/analysed.h %reldir%/neardup.h %reldir%/stored.h

# Storage engines behind one seam.
libnscore_la_SOURCES += \
	%reldir%/backend.h %reldir%/cursor.h %reldir%/plan.h %reldir%/shards.h \
	%reldir%/engines.c %reldir%/manifest.c %reldir%/manifest.h \
	%reldir%/similar.c %reldir%/similar.h
include %reldir%/native/Makefile.mk
include %reldir%/xapian/Makefile.mk

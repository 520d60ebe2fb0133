libnscore_la_SOURCES += \
	%reldir%/arena.c %reldir%/arena.h \
	%reldir%/buffer.c %reldir%/buffer.h \
	%reldir%/bytes.c %reldir%/bytes.h \
	%reldir%/day.c %reldir%/day.h \
	%reldir%/error.c %reldir%/error.h \
	%reldir%/fs.c %reldir%/fs.h \
	%reldir%/guard.c %reldir%/guard.h \
	%reldir%/map.c %reldir%/map.h \
	%reldir%/ordered.c %reldir%/ordered.h

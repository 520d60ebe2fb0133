# The library: base, text, query, facade.
EXTRA_DIST += %reldir%/nsearch.pc.in
include %reldir%/base/Makefile.mk
include %reldir%/text/Makefile.mk
include %reldir%/query/Makefile.mk

libnscore_la_SOURCES += \
	%reldir%/engine_move.c %reldir%/engine_move.h \
	%reldir%/ingest.c %reldir%/ingest.h \
	%reldir%/nsearch.c %reldir%/nsearch.h \
	%reldir%/nsearch_writer.c

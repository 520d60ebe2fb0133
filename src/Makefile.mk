# The library: base, text, query, facade.
EXTRA_DIST += %reldir%/nsearch.pc.in
include %reldir%/base/Makefile.mk
include %reldir%/text/Makefile.mk
include %reldir%/query/Makefile.mk

libnscore_la_SOURCES += %reldir%/nsearch.h

# The library: base, text, query, facade.
EXTRA_DIST += %reldir%/nsearch.pc.in
include %reldir%/base/Makefile.mk
include %reldir%/text/Makefile.mk
include %reldir%/query/Makefile.mk

libnscore_la_SOURCES += \
	%reldir%/cluster.h %reldir%/cluster_file.c %reldir%/cluster_place.c %reldir%/cluster_probe.c %reldir%/cluster_program.c %reldir%/cluster_writer.c \
	%reldir%/engine_move.c %reldir%/engine_move.h \
	%reldir%/grouping.c %reldir%/grouping.h \
	%reldir%/ingest.c %reldir%/ingest.h \
	%reldir%/known_files.c %reldir%/known_files.h \
	%reldir%/nsearch.c %reldir%/nsearch.h \
	%reldir%/nsearch_rebuild.c %reldir%/nsearch_repair.c \
	%reldir%/nsearch_writer.c \
	%reldir%/writer.h %reldir%/writer_files.c %reldir%/writer_pages.c %reldir%/writer_remove.c \
	%reldir%/view.c %reldir%/view.h

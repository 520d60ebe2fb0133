# Programs. They use nsearch.h only; nsearch-inspect links the inner library to show what is in an index.
EXTRA_PROGRAMS = %reldir%/nsearch %reldir%/nsearch-index %reldir%/nsearch-inspect %reldir%/nsearch-rebuild

tool_sources = \
	%reldir%/tool_options.c %reldir%/tool_options.h \
	%reldir%/tool_print.c %reldir%/tool_print.h \
	%reldir%/tool_json.c %reldir%/tool_json.h
tool_run_sources = %reldir%/tool_run.c %reldir%/tool_run.h
tool_libs = libnsearch.la $(JANSSON_LIBS) $(UTF8PROC_LIBS) $(MATH_LIBS)

%canon_reldir%_nsearch_SOURCES = $(tool_sources) \
	%reldir%/nsearch.c %reldir%/search_print.c %reldir%/search_print.h
%canon_reldir%_nsearch_LDADD = $(tool_libs)
%canon_reldir%_nsearch_LDFLAGS = $(AM_LDFLAGS) -pie

%canon_reldir%_nsearch_index_SOURCES = $(tool_sources) $(tool_run_sources) %reldir%/nsearch_index.c
%canon_reldir%_nsearch_index_LDADD = $(tool_libs)
%canon_reldir%_nsearch_index_LDFLAGS = $(AM_LDFLAGS) -pie

%canon_reldir%_nsearch_rebuild_SOURCES = $(tool_sources) $(tool_run_sources) %reldir%/nsearch_rebuild.c
%canon_reldir%_nsearch_rebuild_LDADD = $(tool_libs)
%canon_reldir%_nsearch_rebuild_LDFLAGS = $(AM_LDFLAGS) -pie

%canon_reldir%_nsearch_inspect_SOURCES = $(tool_sources) \
	%reldir%/nsearch_inspect.c %reldir%/inspect.h %reldir%/inspect_show.c %reldir%/inspect_terms.c \
	%reldir%/inspect_postings.c %reldir%/inspect_article.c %reldir%/inspect_read.c %reldir%/inspect_groups.c
%canon_reldir%_nsearch_inspect_LDADD = libnscore.la $(JANSSON_LIBS) $(UTF8PROC_LIBS) $(MATH_LIBS)
%canon_reldir%_nsearch_inspect_LDFLAGS = $(AM_LDFLAGS) -pie

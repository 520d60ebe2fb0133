# Documents and manual pages.
dist_man_MANS += %reldir%/nsearch.1 %reldir%/nsearch-index.1 %reldir%/nsearch-inspect.1 %reldir%/nsearch-rebuild.1 %reldir%/nsearch-export.1 \
	%reldir%/nsearch.3 %reldir%/nsearch-query.7
dist_doc_DATA += %reldir%/analysis.md %reldir%/architecture.md %reldir%/bench.md %reldir%/cluster.md %reldir%/copies.md %reldir%/embedding.md %reldir%/export.md %reldir%/format.md %reldir%/formats.md %reldir%/gazetteer.md %reldir%/glossary.md %reldir%/json.md \
	%reldir%/pages.md %reldir%/query-syntax.md %reldir%/ranking.md %reldir%/reliability.md %reldir%/scale.md %reldir%/scheduling.md %reldir%/style.md

# The examples include <nsearch.h> and link the library as a program of anyone's does.
check_PROGRAMS += %reldir%/examples/index_and_search %reldir%/examples/search %reldir%/examples/threads
%canon_reldir%_examples_index_and_search_SOURCES = %reldir%/examples/index_and_search.c
%canon_reldir%_examples_index_and_search_CPPFLAGS = -I$(top_srcdir)/src
%canon_reldir%_examples_index_and_search_LDADD = libnsearch.la
%canon_reldir%_examples_search_SOURCES = %reldir%/examples/search.c
%canon_reldir%_examples_search_CPPFLAGS = -I$(top_srcdir)/src
%canon_reldir%_examples_search_LDADD = libnsearch.la
%canon_reldir%_examples_threads_SOURCES = %reldir%/examples/threads.c
%canon_reldir%_examples_threads_CPPFLAGS = -I$(top_srcdir)/src
%canon_reldir%_examples_threads_LDADD = libnsearch.la $(PTHREAD_LIBS)

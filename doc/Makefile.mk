# Documents and manual pages.
dist_man_MANS += %reldir%/nsearch.1 %reldir%/nsearch-index.1 %reldir%/nsearch-inspect.1 %reldir%/nsearch-rebuild.1 \
	%reldir%/nsearch.3 %reldir%/nsearch-query.7
dist_doc_DATA += %reldir%/architecture.md %reldir%/embedding.md %reldir%/gazetteer.md %reldir%/glossary.md \
	%reldir%/query-syntax.md %reldir%/ranking.md %reldir%/scheduling.md %reldir%/style.md
EXTRA_DIST += %reldir%/examples/index_and_search.c %reldir%/examples/search.c %reldir%/examples/threads.c

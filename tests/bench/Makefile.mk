# Speed and size of the native engine over a passage file (doc/bench.md).
check_PROGRAMS += %reldir%/nsearch-bench
%canon_reldir%_nsearch_bench_SOURCES = \
	%reldir%/nsearch_bench.c %reldir%/bench.h \
	%reldir%/plain.c %reldir%/plain.h \
	%reldir%/passages.c %reldir%/passages.h \
	%reldir%/queries.c %reldir%/queries.h \
	%reldir%/article.c %reldir%/article.h \
	%reldir%/oracle.c %reldir%/oracle.h \
	%reldir%/bench_check.c %reldir%/bench_durable.c %reldir%/bench_folded.c %reldir%/bench_index.c \
	%reldir%/bench_search.c %reldir%/bench_sizes.c %reldir%/grow.c
%canon_reldir%_nsearch_bench_LDADD = libnscore.la $(MATH_LIBS)
dist_check_SCRIPTS += %reldir%/test_bench.sh
EXTRA_DIST += %reldir%/bench.py %reldir%/inputs.py %reldir%/report.py
TESTS += %reldir%/test_bench.sh

# Speed, size, memory; variables in doc/bench.md.
bench: %reldir%/nsearch-bench corpus/make_corpus
	PYTHONDONTWRITEBYTECODE=1 python3 $(srcdir)/%reldir%/bench.py
.PHONY: bench

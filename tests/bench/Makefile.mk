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

# What the shim adds to Xapian.
if WITH_XAPIAN
check_PROGRAMS += %reldir%/shim_overhead
endif
%canon_reldir%_shim_overhead_SOURCES = %reldir%/shim_overhead.cc
%canon_reldir%_shim_overhead_CPPFLAGS = $(AM_CPPFLAGS) $(XAPIAN_CFLAGS)
%canon_reldir%_shim_overhead_CXXFLAGS = $(AM_CXXFLAGS) $(SHIM_SANITIZE_FLAGS)
%canon_reldir%_shim_overhead_LDADD = libnscore.la $(XAPIAN_LIBS)
dist_check_SCRIPTS += %reldir%/test_shim.sh
TESTS += %reldir%/test_shim.sh

# What names and groups of copies cost while indexing. The linker must know --wrap.
check_PROGRAMS += %reldir%/index-with %reldir%/index-without
%canon_reldir%_index_with_SOURCES = $(tool_sources) $(tool_run_sources) \
	tools/nsearch_index.c tools/index.h tools/index_cluster.c
%canon_reldir%_index_with_LDADD = libnscore.la $(JANSSON_LIBS) $(UTF8PROC_LIBS) $(MATH_LIBS)
%canon_reldir%_index_without_SOURCES = $(%canon_reldir%_index_with_SOURCES) %reldir%/recognition.c
%canon_reldir%_index_without_LDADD = $(%canon_reldir%_index_with_LDADD)
%canon_reldir%_index_without_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=ns_entities_find,--wrap=ns_quotes_find,--wrap=ns_keywords_make,--wrap=ns_word_tells \
	-Wl,--wrap=ns_sketch_make_hashed,--wrap=ns_sketch_add_number,--wrap=ns_grouping_add
dist_check_SCRIPTS += %reldir%/test_recognition.sh
TESTS += %reldir%/test_recognition.sh

# Speed, size, memory; variables in doc/bench.md.
bench: %reldir%/nsearch-bench corpus/make_corpus
	PYTHONDONTWRITEBYTECODE=1 python3 $(srcdir)/%reldir%/bench.py
.PHONY: bench

# Large comparisons; they use shared data where it is.
if WITH_XAPIAN
check_PROGRAMS += %reldir%/compare_indexes
endif
%canon_reldir%_compare_indexes_SOURCES = %reldir%/compare_indexes.c
%canon_reldir%_compare_indexes_LDADD = libnsearch.la $(MATH_LIBS)
dist_check_SCRIPTS += %reldir%/test_engines.sh
EXTRA_DIST += %reldir%/make_queries.py
TESTS += %reldir%/test_engines.sh

dist_check_SCRIPTS += %reldir%/test_judged.sh
EXTRA_DIST += %reldir%/plain_bm25.py
TESTS += %reldir%/test_judged.sh

# All judged sets, as doc/ranking.md reports them.
eval: all
	srcdir='$(srcdir)' NSEARCH_TEST_LONG=1 $(srcdir)/%reldir%/test_judged.sh
.PHONY: eval

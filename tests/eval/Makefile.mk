# Large comparisons; they use shared data where it is.
if WITH_XAPIAN
check_PROGRAMS += %reldir%/compare_indexes
endif
%canon_reldir%_compare_indexes_SOURCES = %reldir%/compare_indexes.c
%canon_reldir%_compare_indexes_LDADD = libnsearch.la $(MATH_LIBS)
dist_check_SCRIPTS += %reldir%/test_engines.sh
EXTRA_DIST += %reldir%/make_queries.py
TESTS += %reldir%/test_engines.sh

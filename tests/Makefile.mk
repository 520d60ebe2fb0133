# Tests.
check_LTLIBRARIES =
EXTRA_DIST += %reldir%/README.md
include %reldir%/support/Makefile.mk
include %reldir%/unit/query.mk
include %reldir%/unit/xapian.mk
include %reldir%/unit/reader.mk
include %reldir%/fuzz/Makefile.mk
include %reldir%/cli/Makefile.mk
include %reldir%/cluster/Makefile.mk
include %reldir%/install/Makefile.mk
include %reldir%/doc/Makefile.mk
include %reldir%/sample/Makefile.mk
include %reldir%/rules/Makefile.mk
include %reldir%/unit/text.mk
include %reldir%/cases/Makefile.mk
include %reldir%/eval/Makefile.mk
include %reldir%/bench/Makefile.mk
include %reldir%/unit/native.mk
include %reldir%/faults/Makefile.mk
include %reldir%/hostile/Makefile.mk

# Under AddressSanitizer: Xapian::Database::check frees an object of its own under the wrong size (xapian-core 1.4.22).
AM_TESTS_ENVIRONMENT = ASAN_OPTIONS=new_delete_type_mismatch=0; export ASAN_OPTIONS;

# The same tests, trying far more.
check-long: all
	status=0; \
	NSEARCH_TEST_LONG=1 NSEARCH_TEST_QUERIES=100000 NSEARCH_TEST_ROUNDS=1000 NSEARCH_FUZZ_RUNS=1000000 \
		$(MAKE) $(AM_MAKEFLAGS) -k check || status=1; \
	NSEARCH_TEST_LONG=1 $(srcdir)/tests/faults/races >races.log 2>&1 || { tail -n 40 races.log; status=1; }; \
	$(srcdir)/tests/faults/long.sh $(TEST_LOGS) races.log && exit $$status
.PHONY: check-long

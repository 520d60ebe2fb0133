# What doc/reliability.md promises, tried: kills, loss of power, full disks, damage, readers, memory.
faults_support = %reldir%/points.c %reldir%/points.h tests/unit/native_state.c tests/unit/native_state.h
faults_operations = $(faults_support) %reldir%/operations.c %reldir%/operations.h
faults_libs = libnstest.la libnscore.la $(CMOCKA_LIBS)
if HAVE_CMOCKA
faults_programs = %reldir%/test_faults %reldir%/test_readers %reldir%/test_damage %reldir%/test_power \
	%reldir%/test_shrink %reldir%/test_repair %reldir%/test_memory \
	%reldir%/test_answers %reldir%/test_threads
if WITH_XAPIAN
faults_programs += %reldir%/test_faults_xapian %reldir%/test_readers_xapian
endif
check_PROGRAMS += $(faults_programs)
TESTS += $(faults_programs)
endif
%canon_reldir%_test_faults_SOURCES = %reldir%/test_faults.c $(faults_operations) %reldir%/faults.c %reldir%/faults.h
%canon_reldir%_test_faults_LDADD = $(faults_libs)
%canon_reldir%_test_power_SOURCES = %reldir%/test_power.c $(faults_operations) %reldir%/journal.c %reldir%/journal.h \
	%reldir%/journal_inside.h %reldir%/disk.c
%canon_reldir%_test_power_LDADD = $(faults_libs)
%canon_reldir%_test_shrink_SOURCES = %reldir%/test_shrink.c $(faults_support)
%canon_reldir%_test_shrink_LDADD = $(faults_libs)
%canon_reldir%_test_repair_SOURCES = %reldir%/test_repair.c $(faults_support)
%canon_reldir%_test_repair_LDADD = $(faults_libs)
%canon_reldir%_test_memory_SOURCES = %reldir%/test_memory.c tests/support/failing_memory.c tests/support/failing_memory.h \
	$(faults_support)
%canon_reldir%_test_memory_LDADD = $(faults_libs)
%canon_reldir%_test_memory_LDFLAGS = $(AM_LDFLAGS) $(WRAP_MEMORY)
%canon_reldir%_test_answers_SOURCES = %reldir%/test_answers.c %reldir%/points.c %reldir%/points.h
%canon_reldir%_test_answers_LDADD = $(faults_libs)
%canon_reldir%_test_threads_SOURCES = %reldir%/test_threads.c %reldir%/points.c %reldir%/points.h
%canon_reldir%_test_threads_LDADD = $(faults_libs)
%canon_reldir%_test_readers_SOURCES = %reldir%/test_readers.c $(faults_support)
%canon_reldir%_test_readers_LDADD = $(faults_libs)
%canon_reldir%_test_damage_SOURCES = %reldir%/test_damage.c $(faults_support)
%canon_reldir%_test_damage_LDADD = $(faults_libs)
# The same over the other engine, with the calls that Xapian makes.
%canon_reldir%_test_faults_xapian_SOURCES = $(%canon_reldir%_test_faults_SOURCES) %reldir%/faults_xapian.c
%canon_reldir%_test_faults_xapian_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) -U_FORTIFY_SOURCE -DTEST_ENGINE=ns_xapian_backend
%canon_reldir%_test_faults_xapian_LDADD = $(faults_libs)
%canon_reldir%_test_readers_xapian_SOURCES = $(%canon_reldir%_test_readers_SOURCES)
%canon_reldir%_test_readers_xapian_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) -DTEST_ENGINE=ns_xapian_backend
%canon_reldir%_test_readers_xapian_LDADD = $(faults_libs)
check_PROGRAMS += %reldir%/test_check_cost
TESTS += %reldir%/test_check_cost
%canon_reldir%_test_check_cost_SOURCES = %reldir%/test_check_cost.c %reldir%/points.c %reldir%/points.h
%canon_reldir%_test_check_cost_LDADD = libnstest.la libnscore.la
%canon_reldir%_test_check_cost_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=ns_segment_check_pages
EXTRA_DIST += %reldir%/long.sh %reldir%/races
# What other engines say of damage: 'make compare-damage'.
EXTRA_PROGRAMS += %reldir%/compare_damage
CLEANFILES += %reldir%/compare_damage
%canon_reldir%_compare_damage_SOURCES = %reldir%/compare_damage.c %reldir%/compared.h
%canon_reldir%_compare_damage_CPPFLAGS = $(AM_CPPFLAGS)
%canon_reldir%_compare_damage_LDADD = libnstest.la libnscore.la
if HAVE_SQLITE
%canon_reldir%_compare_damage_SOURCES += %reldir%/compared_sqlite.c
%canon_reldir%_compare_damage_CPPFLAGS += -DWITH_SQLITE $(SQLITE_CFLAGS)
%canon_reldir%_compare_damage_LDADD += $(SQLITE_LIBS)
endif
if WITH_XAPIAN
%canon_reldir%_compare_damage_SOURCES += %reldir%/compared_xapian.cc
%canon_reldir%_compare_damage_CPPFLAGS += $(XAPIAN_CFLAGS)
%canon_reldir%_compare_damage_LDADD += $(XAPIAN_LIBS)
endif
DAMAGED_BYTES = 8192
compare-damage: %reldir%/compare_damage
	%reldir%/compare_damage $(DAMAGED_BYTES)
.PHONY: compare-damage
# ThreadSanitizer, in a build of its own.
check-races:
	$(srcdir)/%reldir%/races
.PHONY: check-races
dist_check_SCRIPTS += %reldir%/test_disk.sh
TESTS += %reldir%/test_disk.sh

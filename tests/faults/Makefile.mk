# What doc/reliability.md promises, tried: kills, loss of power, full disks, damage, readers, memory.
faults_support = %reldir%/points.c %reldir%/points.h tests/unit/native_state.c tests/unit/native_state.h
faults_operations = $(faults_support) %reldir%/operations.c %reldir%/operations.h
faults_libs = libnstest.la libnscore.la $(CMOCKA_LIBS)
if HAVE_CMOCKA
faults_programs = %reldir%/test_faults %reldir%/test_readers %reldir%/test_damage %reldir%/test_power \
	%reldir%/test_shrink %reldir%/test_repair %reldir%/test_memory \
	%reldir%/test_answers
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
%canon_reldir%_test_memory_SOURCES = %reldir%/test_memory.c $(faults_support)
%canon_reldir%_test_memory_LDADD = $(faults_libs)
%canon_reldir%_test_memory_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=malloc -Wl,--wrap=calloc -Wl,--wrap=realloc \
	-Wl,--wrap=strdup
%canon_reldir%_test_answers_SOURCES = %reldir%/test_answers.c %reldir%/points.c %reldir%/points.h
%canon_reldir%_test_answers_LDADD = $(faults_libs)
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
EXTRA_DIST += %reldir%/long.sh
dist_check_SCRIPTS += %reldir%/test_disk.sh
TESTS += %reldir%/test_disk.sh

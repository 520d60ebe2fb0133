# The Xapian engine against a model; both engines against each other and the model.
if HAVE_CMOCKA
check_PROGRAMS += %reldir%/test_engines
TESTS += %reldir%/test_engines
if WITH_XAPIAN
check_PROGRAMS += %reldir%/test_xapian %reldir%/test_xapian_commit
TESTS += %reldir%/test_xapian %reldir%/test_xapian_commit
endif
endif
%canon_reldir%_test_engines_SOURCES = %reldir%/test_engines.c
%canon_reldir%_test_engines_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_engines_LDADD = libnstest.la libnscore.la $(CMOCKA_LIBS)
%canon_reldir%_test_xapian_SOURCES = %reldir%/test_xapian.c
%canon_reldir%_test_xapian_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_xapian_LDADD = libnstest.la libnscore.la $(CMOCKA_LIBS)
# The native engine's test of commits, over this engine.
%canon_reldir%_test_xapian_commit_SOURCES = %reldir%/test_native_commit.c %reldir%/native_state.c \
	%reldir%/native_state.h %reldir%/native_faults.c %reldir%/native_faults.h
%canon_reldir%_test_xapian_commit_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) -DTEST_ENGINE=ns_xapian_backend
%canon_reldir%_test_xapian_commit_LDADD = libnstest.la libnscore.la $(CMOCKA_LIBS)

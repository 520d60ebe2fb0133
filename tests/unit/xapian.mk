# The Xapian engine against a model; both engines against each other and the model.
if HAVE_CMOCKA
check_PROGRAMS += %reldir%/test_engines %reldir%/test_cluster
TESTS += %reldir%/test_engines %reldir%/test_cluster
if WITH_XAPIAN
check_PROGRAMS += %reldir%/test_xapian %reldir%/test_xapian_words %reldir%/test_shards
TESTS += %reldir%/test_xapian %reldir%/test_xapian_words %reldir%/test_shards
endif
endif
if WITH_XAPIAN
check_PROGRAMS += %reldir%/test_xapian_errors
TESTS += %reldir%/test_xapian_errors
endif
%canon_reldir%_test_xapian_errors_SOURCES = %reldir%/test_xapian_errors.cc
%canon_reldir%_test_xapian_errors_CPPFLAGS = $(AM_CPPFLAGS) $(XAPIAN_CFLAGS)
%canon_reldir%_test_xapian_errors_CXXFLAGS = $(AM_CXXFLAGS) $(SHIM_SANITIZE_FLAGS)
%canon_reldir%_test_xapian_errors_LDADD = libnscore.la $(XAPIAN_LIBS)
%canon_reldir%_test_engines_SOURCES = %reldir%/test_engines.c
%canon_reldir%_test_engines_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_engines_LDADD = libnstest.la libnscore.la $(CMOCKA_LIBS)
%canon_reldir%_test_xapian_SOURCES = %reldir%/test_xapian.c
%canon_reldir%_test_xapian_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_xapian_LDADD = libnstest.la libnscore.la $(CMOCKA_LIBS)
%canon_reldir%_test_xapian_words_SOURCES = %reldir%/test_xapian_words.c
%canon_reldir%_test_xapian_words_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_xapian_words_LDADD = libnscore.la $(CMOCKA_LIBS)
%canon_reldir%_test_cluster_SOURCES = %reldir%/test_cluster.c
%canon_reldir%_test_cluster_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_cluster_LDADD = libnscore.la $(CMOCKA_LIBS)
%canon_reldir%_test_shards_SOURCES = %reldir%/test_shards.c
%canon_reldir%_test_shards_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_shards_LDADD = libnstest.la libnscore.la $(CMOCKA_LIBS)

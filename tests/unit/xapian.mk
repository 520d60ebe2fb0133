# The Xapian engine against a model.
if HAVE_CMOCKA
if WITH_XAPIAN
check_PROGRAMS += %reldir%/test_xapian
TESTS += %reldir%/test_xapian
endif
endif
%canon_reldir%_test_xapian_SOURCES = %reldir%/test_xapian.c
%canon_reldir%_test_xapian_LDADD = libnstest.la libnscore.la $(CMOCKA_LIBS)

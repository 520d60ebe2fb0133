# The query side: parsing, matching, ranking.
if HAVE_CMOCKA
check_PROGRAMS += %reldir%/test_facet %reldir%/test_grouping %reldir%/test_kernels %reldir%/test_match %reldir%/test_parse \
	%reldir%/test_shown %reldir%/test_sieve %reldir%/test_stories
TESTS += %reldir%/test_facet %reldir%/test_grouping %reldir%/test_kernels %reldir%/test_match %reldir%/test_parse \
	%reldir%/test_shown %reldir%/test_sieve %reldir%/test_stories
endif
%canon_reldir%_test_parse_SOURCES = %reldir%/test_parse.c
%canon_reldir%_test_parse_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_parse_LDADD = libnscore.la $(CMOCKA_LIBS)
%canon_reldir%_test_grouping_SOURCES = %reldir%/test_grouping.c
%canon_reldir%_test_grouping_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_grouping_LDADD = libnscore.la $(CMOCKA_LIBS)
%canon_reldir%_test_match_SOURCES = %reldir%/test_match.c %reldir%/model.c %reldir%/model.h \
	%reldir%/model_places.c %reldir%/model_places.h
%canon_reldir%_test_match_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_match_LDADD = libnscore.la $(CMOCKA_LIBS)
%canon_reldir%_test_kernels_SOURCES = %reldir%/test_kernels.c
%canon_reldir%_test_kernels_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_kernels_LDADD = libnscore.la $(CMOCKA_LIBS)

%canon_reldir%_test_facet_SOURCES = %reldir%/test_facet.c
%canon_reldir%_test_facet_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_facet_LDADD = libnstest.la libnscore.la $(CMOCKA_LIBS)

%canon_reldir%_test_shown_SOURCES = %reldir%/test_shown.c
%canon_reldir%_test_shown_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_shown_LDADD = libnstest.la libnscore.la $(CMOCKA_LIBS)

%canon_reldir%_test_sieve_SOURCES = %reldir%/test_sieve.c %reldir%/model.c %reldir%/model.h \
	%reldir%/model_places.c %reldir%/model_places.h
%canon_reldir%_test_sieve_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_sieve_LDADD = libnscore.la $(CMOCKA_LIBS)

%canon_reldir%_test_stories_SOURCES = %reldir%/test_stories.c
%canon_reldir%_test_stories_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_stories_LDADD = libnstest.la libnscore.la $(CMOCKA_LIBS)

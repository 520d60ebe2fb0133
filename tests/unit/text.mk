# Analysis: tokens, sentences, terms, names, sketches, stored articles, dates.
if HAVE_CMOCKA
check_PROGRAMS += %reldir%/test_tokenise %reldir%/test_sentence %reldir%/test_analyse %reldir%/test_entity \
	%reldir%/test_keywords %reldir%/test_neardup %reldir%/test_own %reldir%/test_quote %reldir%/test_stored %reldir%/test_timex %reldir%/test_text_memory
TESTS += %reldir%/test_tokenise %reldir%/test_sentence %reldir%/test_analyse %reldir%/test_entity \
	%reldir%/test_keywords %reldir%/test_neardup %reldir%/test_own %reldir%/test_quote %reldir%/test_stored %reldir%/test_timex %reldir%/test_text_memory
endif
EXTRA_DIST += tests/cases/quotations.txt
%canon_reldir%_test_quote_SOURCES = %reldir%/test_quote.c
%canon_reldir%_test_quote_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_quote_LDADD = libnscore.la $(CMOCKA_LIBS)
check_PROGRAMS += tests/fuzz/fuzz_analyse
TESTS += tests/fuzz/fuzz_analyse
tests_fuzz_fuzz_analyse_SOURCES = tests/fuzz/fuzz_analyse.c
tests_fuzz_fuzz_analyse_LDADD = libnscore.la
%canon_reldir%_test_tokenise_SOURCES = %reldir%/test_tokenise.c %reldir%/text_help.c %reldir%/text_help.h
%canon_reldir%_test_tokenise_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_tokenise_LDADD = libnscore.la $(CMOCKA_LIBS)
%canon_reldir%_test_sentence_SOURCES = %reldir%/test_sentence.c %reldir%/text_help.h
%canon_reldir%_test_sentence_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_sentence_LDADD = libnscore.la $(CMOCKA_LIBS)
%canon_reldir%_test_analyse_SOURCES = %reldir%/test_analyse.c %reldir%/text_help.c %reldir%/text_help.h
%canon_reldir%_test_analyse_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_analyse_LDADD = libnscore.la $(CMOCKA_LIBS)
%canon_reldir%_test_entity_SOURCES = %reldir%/test_entity.c %reldir%/text_help.c %reldir%/text_help.h
%canon_reldir%_test_entity_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_entity_LDADD = libnscore.la $(CMOCKA_LIBS)
%canon_reldir%_test_neardup_SOURCES = %reldir%/test_neardup.c %reldir%/text_help.c %reldir%/text_help.h
%canon_reldir%_test_neardup_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_neardup_LDADD = libnscore.la $(CMOCKA_LIBS)
%canon_reldir%_test_stored_SOURCES = %reldir%/test_stored.c %reldir%/text_help.c %reldir%/text_help.h
%canon_reldir%_test_stored_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_stored_LDADD = libnscore.la $(CMOCKA_LIBS)
%canon_reldir%_test_timex_SOURCES = %reldir%/test_timex.c
%canon_reldir%_test_timex_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_timex_LDADD = libnscore.la $(CMOCKA_LIBS)
%canon_reldir%_test_text_memory_SOURCES = %reldir%/test_text_memory.c %reldir%/text_help.c %reldir%/text_help.h \
	tests/support/failing_memory.c tests/support/failing_memory.h
%canon_reldir%_test_text_memory_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_text_memory_LDADD = libnscore.la $(CMOCKA_LIBS)
%canon_reldir%_test_text_memory_LDFLAGS = $(AM_LDFLAGS) $(WRAP_MEMORY)

%canon_reldir%_test_own_SOURCES = %reldir%/test_own.c
%canon_reldir%_test_own_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_own_LDADD = libnscore.la $(CMOCKA_LIBS)
%canon_reldir%_test_keywords_SOURCES = %reldir%/test_keywords.c %reldir%/text_help.c %reldir%/text_help.h
%canon_reldir%_test_keywords_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_keywords_LDADD = libnscore.la $(CMOCKA_LIBS)

# Large comparisons; they use shared data where it is.
if WITH_XAPIAN
check_PROGRAMS += %reldir%/compare_indexes %reldir%/compare_answers
endif
%canon_reldir%_compare_indexes_SOURCES = %reldir%/compare_indexes.c
%canon_reldir%_compare_indexes_LDADD = libnsearch.la $(MATH_LIBS)
%canon_reldir%_compare_answers_SOURCES = %reldir%/compare_answers.c
%canon_reldir%_compare_answers_LDADD = libnscore.la
dist_check_SCRIPTS += %reldir%/test_engines.sh
EXTRA_DIST += %reldir%/make_queries.py
TESTS += %reldir%/test_engines.sh

dist_check_SCRIPTS += %reldir%/test_judged.sh
EXTRA_DIST += %reldir%/plain_bm25.py
TESTS += %reldir%/test_judged.sh

check_PROGRAMS += %reldir%/read_speed
%canon_reldir%_read_speed_SOURCES = %reldir%/read_speed.c
%canon_reldir%_read_speed_LDADD = libnscore.la
dist_check_SCRIPTS += %reldir%/test_html.sh
EXTRA_DIST += %reldir%/html_pages.py %reldir%/seeds.digests
TESTS += %reldir%/test_html.sh

# Feeds and agencies' formats.
check_PROGRAMS += %reldir%/count_entries
%canon_reldir%_count_entries_SOURCES = %reldir%/count_entries.c
%canon_reldir%_count_entries_LDADD = $(LIBXML2_LIBS)
dist_check_SCRIPTS += %reldir%/test_feeds.sh %reldir%/test_agency.sh
EXTRA_DIST += %reldir%/feeds.py %reldir%/agency.py
TESTS += %reldir%/test_feeds.sh %reldir%/test_agency.sh

# Names: in marked texts, of editors' tags, in queries.
dist_check_SCRIPTS += %reldir%/test_names.sh
EXTRA_DIST += %reldir%/names.py %reldir%/names/marked.txt %reldir%/names/sample.tsv
TESTS += %reldir%/test_names.sh

# Copies and events.
check_PROGRAMS += %reldir%/event_pairs
%canon_reldir%_event_pairs_SOURCES = %reldir%/event_pairs.c
%canon_reldir%_event_pairs_LDADD = libnscore.la
dist_check_SCRIPTS += %reldir%/test_copies.sh
EXTRA_DIST += %reldir%/plant_copies.py %reldir%/copies.py %reldir%/events.py
TESTS += %reldir%/test_copies.sh

# All judged sets, as doc/ranking.md reports them, and what the readers take out of pages, feeds and agencies' files.
eval: all %reldir%/event_pairs %reldir%/read_speed %reldir%/count_entries
	@failed=0; for test in test_html.sh test_feeds.sh test_agency.sh test_names.sh test_judged.sh test_copies.sh; do \
		srcdir='$(srcdir)' NSEARCH_TEST_LONG=1 $(srcdir)/%reldir%/$$test || [ $$? -eq 77 ] || failed=1; \
	done; exit $$failed
.PHONY: eval

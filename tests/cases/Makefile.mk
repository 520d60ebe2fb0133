# Query cases over the sample corpus.
dist_check_SCRIPTS += %reldir%/test_cases.sh
EXTRA_DIST += %reldir%/cases.py %reldir%/words.tsv %reldir%/conditions.tsv %reldir%/places.tsv %reldir%/fields.tsv %reldir%/ordinary.tsv
TESTS += %reldir%/test_cases.sh

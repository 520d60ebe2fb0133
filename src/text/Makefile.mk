# Analysis: from article to terms.
libnscore_la_SOURCES += \
	%reldir%/analyse.h %reldir%/analysed.h %reldir%/neardup.h %reldir%/stored.h \
	%reldir%/address.c %reldir%/address.h \
	%reldir%/analyse.c %reldir%/analyse_shown.c %reldir%/workspace.h %reldir%/workspace.c \
	%reldir%/tokenise.h %reldir%/tokenise.c \
	%reldir%/lexicon.h %reldir%/lexicon.c \
	%reldir%/raw.h %reldir%/raw.c \
	%reldir%/fold.h %reldir%/fold.c \
	%reldir%/variants.h %reldir%/variants.c %reldir%/spelling_table.h \
	%reldir%/stem.h %reldir%/stem.c \
	%reldir%/stopwords.h %reldir%/stopwords.c \
	%reldir%/sentence.h %reldir%/sentence.c \
	%reldir%/passage.h %reldir%/passage.c \
	%reldir%/gazetteer.h %reldir%/gazetteer.c %reldir%/gazetteer_build.c \
	%reldir%/marks.h %reldir%/marks.c %reldir%/quote.h %reldir%/quote.c \
	%reldir%/quote_speaker.h %reldir%/quote_speaker.c %reldir%/quote_words.h %reldir%/quote_words.c \
	%reldir%/entity.h %reldir%/entity.c %reldir%/name_scan.h %reldir%/name_guess.c %reldir%/name_guess.h %reldir%/name_scan.c \
	%reldir%/name_words.h %reldir%/name_words.c %reldir%/word_lists.h \
	%reldir%/passage_terms.h %reldir%/passage_terms.c \
	%reldir%/neardup.c %reldir%/stored.c \
	%reldir%/keywords.h %reldir%/keywords.c %reldir%/rarity_table.h %reldir%/own.h %reldir%/own.c \
	%reldir%/timex.h %reldir%/timex.c
nodist_libnscore_la_SOURCES += %reldir%/gazetteer_table.c

# The gazetteer is compiled in, so that opening it costs nothing.
noinst_PROGRAMS += %reldir%/make_gazetteer
%canon_reldir%_make_gazetteer_SOURCES = \
	%reldir%/make_gazetteer.c %reldir%/gazetteer.c %reldir%/gazetteer_build.c %reldir%/tokenise.c \
	%reldir%/lexicon.c %reldir%/raw.c %reldir%/fold.c %reldir%/variants.c %reldir%/stem.c %reldir%/stopwords.c \
	%reldir%/name_words.c src/base/arena.c src/base/buffer.c src/base/bytes.c src/base/error.c
%canon_reldir%_make_gazetteer_CFLAGS = $(AM_CFLAGS)
%canon_reldir%_make_gazetteer_LDADD = $(UTF8PROC_LIBS) $(STEMMER_LIBS) $(PTHREAD_LIBS)
%reldir%/gazetteer_table.c: %reldir%/gazetteer.tsv %reldir%/make_gazetteer$(EXEEXT)
	$(AM_V_GEN)%reldir%/make_gazetteer$(EXEEXT) $(srcdir)/%reldir%/gazetteer.tsv > $@.tmp && mv -f $@.tmp $@
CLEANFILES += %reldir%/gazetteer_table.c %reldir%/gazetteer_table.c.tmp
dist_pkgdata_DATA += %reldir%/gazetteer.tsv
EXTRA_DIST += %reldir%/gazetteer_from_facts.py %reldir%/rarity_from_indexes.py %reldir%/spelling_from_facts.py

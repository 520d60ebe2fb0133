# From a query to hits; exec.c has the order of the passes.
libnscore_la_SOURCES += \
	%reldir%/bm25.h \
	%reldir%/build.c %reldir%/build.h %reldir%/build_parts.h %reldir%/build_places.c \
	%reldir%/collapse.c %reldir%/collapse.h \
	%reldir%/every.c %reldir%/every.h \
	%reldir%/exec.c %reldir%/exec.h \
	%reldir%/explain.c %reldir%/explain.h \
	%reldir%/facet.c %reldir%/facet.h \
	%reldir%/facet_shown.c %reldir%/facet_shown.h \
	%reldir%/filter_bits.c %reldir%/filter_bits.h \
	%reldir%/hits.h \
	%reldir%/lex.c %reldir%/lex.h \
	%reldir%/match.c %reldir%/match.h \
	%reldir%/match_exhaustive.c \
	%reldir%/match_part.c %reldir%/match_part.h \
	%reldir%/match_ranges.c \
	%reldir%/notes.c %reldir%/notes.h \
	%reldir%/parse.c %reldir%/parse.h \
	%reldir%/places.c %reldir%/places.h \
	%reldir%/quoted.c %reldir%/quoted.h \
	%reldir%/range_maxima.c %reldir%/range_maxima.h \
	%reldir%/range_kernels.c %reldir%/range_kernels.h \
	%reldir%/recency.c %reldir%/recency.h \
	%reldir%/related.c %reldir%/related.h \
	%reldir%/rescore.c %reldir%/rescore.h \
	%reldir%/select.c %reldir%/select.h \
	%reldir%/sieve.c %reldir%/sieve.h \
	%reldir%/snippet.c %reldir%/snippet.h \
	%reldir%/shown.c %reldir%/shown.h %reldir%/stories.c %reldir%/stories.h \
	%reldir%/terms.c %reldir%/terms.h \
	%reldir%/timeline.c %reldir%/timeline.h \
	%reldir%/topk.c %reldir%/topk.h

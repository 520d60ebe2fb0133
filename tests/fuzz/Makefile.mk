# Readers under hostile bytes: seeds and random changes of them in 'make check', libFuzzer in 'make fuzz'.
fuzz_targets = %reldir%/fuzz_readers.c %reldir%/fuzz_readers.h %reldir%/promises.c %reldir%/promises.h
check_PROGRAMS += %reldir%/replay %reldir%/fuzz_html %reldir%/fuzz_query
TESTS += %reldir%/replay %reldir%/fuzz_html %reldir%/fuzz_query
%canon_reldir%_fuzz_query_SOURCES = %reldir%/fuzz_query.c tests/faults/points.c tests/faults/points.h
%canon_reldir%_fuzz_query_LDADD = libnscore.la
%canon_reldir%_replay_SOURCES = %reldir%/replay.c $(fuzz_targets)
%canon_reldir%_replay_LDADD = libnscore.la
%canon_reldir%_fuzz_html_SOURCES = %reldir%/fuzz_html.c $(fuzz_targets)
%canon_reldir%_fuzz_html_LDADD = libnscore.la
# The decoders of an index, one by one.
check_PROGRAMS += %reldir%/fuzz_decoders
TESTS += %reldir%/fuzz_decoders
fuzz_decoders = %reldir%/fuzz_decoders.c %reldir%/decoders.c %reldir%/decoders.h %reldir%/promises.c %reldir%/promises.h
%canon_reldir%_fuzz_decoders_SOURCES = $(fuzz_decoders) tests/faults/points.c tests/faults/points.h
%canon_reldir%_fuzz_decoders_LDADD = libnstest.la libnscore.la

# Only tests/fuzz/run builds these, in a tree that clang instrumented, and names libFuzzer's archive: behind our files, for
# of two definitions the first one counts.
LIB_FUZZING_ENGINE =
fuzz_ldflags = $(AM_LDFLAGS) -Wl,-z,muldefs
fuzz_hooks = %reldir%/quiet_hooks.c
EXTRA_PROGRAMS = %reldir%/fuzz_engine %reldir%/fuzz_query_engine %reldir%/fuzz_decoders_engine
CLEANFILES += %reldir%/fuzz_engine %reldir%/fuzz_query_engine %reldir%/fuzz_decoders_engine
%canon_reldir%_fuzz_decoders_engine_SOURCES = $(fuzz_decoders) $(fuzz_hooks)
%canon_reldir%_fuzz_decoders_engine_CPPFLAGS = $(AM_CPPFLAGS) -DNS_FUZZ_ENGINE
%canon_reldir%_fuzz_decoders_engine_LDADD = $(LIB_FUZZING_ENGINE) libnstest.la libnscore.la
%canon_reldir%_fuzz_decoders_engine_LDFLAGS = $(fuzz_ldflags)
%canon_reldir%_fuzz_query_engine_SOURCES = %reldir%/fuzz_query.c tests/faults/points.c tests/faults/points.h $(fuzz_hooks)
%canon_reldir%_fuzz_query_engine_CPPFLAGS = $(AM_CPPFLAGS) -DNS_FUZZ_ENGINE
%canon_reldir%_fuzz_query_engine_LDADD = $(LIB_FUZZING_ENGINE) libnscore.la
%canon_reldir%_fuzz_query_engine_LDFLAGS = $(fuzz_ldflags)
%canon_reldir%_fuzz_engine_SOURCES = $(fuzz_targets) $(fuzz_hooks) %reldir%/kept_tools.c
%canon_reldir%_fuzz_engine_CPPFLAGS = $(AM_CPPFLAGS) -DNS_FUZZ_ENGINE
%canon_reldir%_fuzz_engine_LDADD = $(LIB_FUZZING_ENGINE) libnscore.la
%canon_reldir%_fuzz_engine_LDFLAGS = $(fuzz_ldflags) -Wl,--wrap=uchardet_new,--wrap=uchardet_delete \
	-Wl,--wrap=iconv_open,--wrap=iconv_close

EXTRA_DIST += %reldir%/run %reldir%/seeds

# 'make fuzz FUZZ_RUNS=10000000 FUZZ_READERS="html feed"'
FUZZ_RUNS = 100000
FUZZ_READERS =
fuzz:
	$(srcdir)/%reldir%/run "$(FUZZ_RUNS)" $(FUZZ_READERS)
.PHONY: fuzz

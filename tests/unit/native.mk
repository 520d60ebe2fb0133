# The native engine: what goes in comes out, through damage, faults and stops.
if HAVE_CMOCKA
check_PROGRAMS += %reldir%/test_native_store \
	%reldir%/test_native_format %reldir%/test_manifest %reldir%/test_native_lanes %reldir%/test_pack %reldir%/test_similar
TESTS += %reldir%/test_native_store \
	%reldir%/test_native_format %reldir%/test_manifest %reldir%/test_native_lanes %reldir%/test_pack %reldir%/test_similar
endif
native_state = %reldir%/native_state.c %reldir%/native_state.h
native_libs = libnstest.la libnscore.la $(CMOCKA_LIBS)
%canon_reldir%_test_native_store_SOURCES = %reldir%/test_native_store.c $(native_state)
%canon_reldir%_test_native_store_LDADD = $(native_libs)
%canon_reldir%_test_native_format_SOURCES = %reldir%/test_native_format.c
%canon_reldir%_test_native_format_LDADD = $(native_libs)
check_PROGRAMS += tests/fuzz/fuzz_segment
TESTS += tests/fuzz/fuzz_segment
tests_fuzz_fuzz_segment_SOURCES = tests/fuzz/fuzz_segment.c $(native_state)
tests_fuzz_fuzz_segment_LDADD = libnstest.la libnscore.la
%canon_reldir%_test_manifest_SOURCES = %reldir%/test_manifest.c
%canon_reldir%_test_manifest_LDADD = $(native_libs)
%canon_reldir%_test_pack_SOURCES = %reldir%/test_pack.c
%canon_reldir%_test_pack_LDADD = $(native_libs)
%canon_reldir%_test_similar_SOURCES = %reldir%/test_similar.c
%canon_reldir%_test_similar_LDADD = $(native_libs)
%canon_reldir%_test_native_lanes_SOURCES = %reldir%/test_native_lanes.c $(native_state)
%canon_reldir%_test_native_lanes_LDADD = $(native_libs)

# The native engine: what goes in comes out, through damage, faults and stops.
if HAVE_CMOCKA
check_PROGRAMS += %reldir%/test_native_store
TESTS += %reldir%/test_native_store
endif
%canon_reldir%_test_native_store_SOURCES = %reldir%/test_native_store.c %reldir%/native_state.c %reldir%/native_state.h
%canon_reldir%_test_native_store_LDADD = libnstest.la libnscore.la $(CMOCKA_LIBS)

# The Xapian engine. The shim is a library of its own, so that the C compiler links the main one.
if WITH_XAPIAN
noinst_LTLIBRARIES += libnsxapian.la
libnsxapian_la_SOURCES = %reldir%/xapian_shim.cc %reldir%/xapian_shim.h %reldir%/xapian_errors.h
libnsxapian_la_CPPFLAGS = $(AM_CPPFLAGS) $(XAPIAN_CFLAGS)
libnsxapian_la_CXXFLAGS = $(AM_CXXFLAGS) $(SHIM_SANITIZE_FLAGS)
libnscore_la_SOURCES += \
	%reldir%/xapian_add.c %reldir%/xapian_answer.c %reldir%/xapian_apart.c \
	%reldir%/xapian_backend.c \
	%reldir%/xapian_columns.c %reldir%/xapian_columns.h \
	%reldir%/xapian_cursor.c \
	%reldir%/xapian_layout.c %reldir%/xapian_layout.h \
	%reldir%/xapian_named.c %reldir%/xapian_prefetch.c \
	%reldir%/xapian_program.c %reldir%/xapian_program.h \
	%reldir%/xapian_salvage.c %reldir%/xapian_salvage.h \
	%reldir%/xapian_snapshot.c %reldir%/xapian_snapshot.h \
	%reldir%/xapian_store.c %reldir%/xapian_store.h \
	%reldir%/xapian_survey.c %reldir%/xapian_verify.c \
	%reldir%/xapian_words.c %reldir%/xapian_words.h
libnscore_la_LIBADD += libnsxapian.la $(XAPIAN_LIBS) -lstdc++
endif

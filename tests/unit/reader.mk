# The readers: what they take, what they refuse, what they set apart.
if HAVE_CMOCKA
check_PROGRAMS += %reldir%/test_article %reldir%/test_html %reldir%/test_reader %reldir%/test_reader_memory %reldir%/test_archive \
	%reldir%/test_warc %reldir%/test_formats %reldir%/test_known_files %reldir%/test_walk %reldir%/test_completed %reldir%/test_mail %reldir%/test_confined \
	%reldir%/test_site_lines %reldir%/test_file_trouble
TESTS += %reldir%/test_article %reldir%/test_html %reldir%/test_reader %reldir%/test_reader_memory %reldir%/test_archive \
	%reldir%/test_warc %reldir%/test_formats %reldir%/test_known_files %reldir%/test_walk %reldir%/test_completed %reldir%/test_mail %reldir%/test_confined \
	%reldir%/test_site_lines %reldir%/test_file_trouble
endif
%canon_reldir%_test_article_SOURCES = %reldir%/test_article.c %reldir%/reading.c %reldir%/reading.h
%canon_reldir%_test_article_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) -DSHARED_FOLDER='"$(abs_top_srcdir)/../shared"'
%canon_reldir%_test_article_LDADD = libnscore.la $(CMOCKA_LIBS)
%canon_reldir%_test_reader_SOURCES = %reldir%/test_reader.c %reldir%/reading.c %reldir%/reading.h
%canon_reldir%_test_reader_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_reader_LDADD = libnscore.la $(CMOCKA_LIBS)
%canon_reldir%_test_reader_memory_SOURCES = %reldir%/test_reader_memory.c tests/support/failing_memory.c \
	tests/support/failing_memory.h
%canon_reldir%_test_reader_memory_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_reader_memory_LDADD = libnscore.la $(CMOCKA_LIBS)
%canon_reldir%_test_reader_memory_LDFLAGS = $(AM_LDFLAGS) $(WRAP_MEMORY)
%canon_reldir%_test_archive_SOURCES = %reldir%/test_archive.c %reldir%/reading.c %reldir%/reading.h
%canon_reldir%_test_archive_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_archive_LDADD = libnscore.la $(CMOCKA_LIBS) $(LIBARCHIVE_LIBS)
%canon_reldir%_test_warc_SOURCES = %reldir%/test_warc.c %reldir%/reading.c %reldir%/reading.h
%canon_reldir%_test_warc_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_warc_LDADD = libnscore.la $(CMOCKA_LIBS)
%canon_reldir%_test_formats_SOURCES = %reldir%/test_formats.c %reldir%/reading.c %reldir%/reading.h
%canon_reldir%_test_formats_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_formats_LDADD = libnscore.la $(CMOCKA_LIBS)
%canon_reldir%_test_html_SOURCES = %reldir%/test_html.c %reldir%/reading.c %reldir%/reading.h
%canon_reldir%_test_html_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_html_LDADD = libnscore.la $(CMOCKA_LIBS)
%canon_reldir%_test_known_files_SOURCES = %reldir%/test_known_files.c %reldir%/reading.c %reldir%/reading.h
%canon_reldir%_test_known_files_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_known_files_LDADD = libnscore.la $(CMOCKA_LIBS)
%canon_reldir%_test_known_files_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=clock_gettime
%canon_reldir%_test_walk_SOURCES = %reldir%/test_walk.c %reldir%/reading.c %reldir%/reading.h tests/faults/points.c tests/faults/points.h
%canon_reldir%_test_walk_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_walk_LDADD = libnscore.la $(CMOCKA_LIBS)
%canon_reldir%_test_walk_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=openat
%canon_reldir%_test_completed_SOURCES = %reldir%/test_completed.c %reldir%/reading.c %reldir%/reading.h
%canon_reldir%_test_completed_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_completed_LDADD = libnscore.la $(CMOCKA_LIBS)
%canon_reldir%_test_mail_SOURCES = %reldir%/test_mail.c %reldir%/reading.c %reldir%/reading.h
%canon_reldir%_test_mail_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_mail_LDADD = libnscore.la $(CMOCKA_LIBS)
%canon_reldir%_test_site_lines_SOURCES = %reldir%/test_site_lines.c %reldir%/reading.c %reldir%/reading.h
%canon_reldir%_test_site_lines_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_site_lines_LDADD = libnscore.la $(CMOCKA_LIBS)
%canon_reldir%_test_file_trouble_SOURCES = %reldir%/test_file_trouble.c %reldir%/reading.c %reldir%/reading.h
%canon_reldir%_test_file_trouble_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_file_trouble_LDADD = libnscore.la $(CMOCKA_LIBS)
%canon_reldir%_test_file_trouble_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=clock_gettime -Wl,--wrap=read
%canon_reldir%_test_confined_SOURCES = %reldir%/test_confined.c %reldir%/reading.c %reldir%/reading.h \
	tests/fuzz/promises.c tests/fuzz/promises.h
%canon_reldir%_test_confined_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
%canon_reldir%_test_confined_LDADD = libnscore.la $(CMOCKA_LIBS)
%canon_reldir%_test_confined_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=posix_spawn -Wl,--wrap=ns_content_next

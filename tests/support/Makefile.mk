# What several tests share.
check_LTLIBRARIES += libnstest.la
libnstest_la_SOURCES = \
	%reldir%/agree.c %reldir%/agree.h \
	%reldir%/folder.c %reldir%/folder.h \
	%reldir%/instrumented.h %reldir%/memory_files.c %reldir%/memory_files.h \
	%reldir%/random.h \
	%reldir%/synthetic.c %reldir%/synthetic.h \
	%reldir%/synthetic_model.c
# For programs with failing_memory.c.
WRAP_MEMORY = -Wl,--wrap=malloc -Wl,--wrap=calloc -Wl,--wrap=realloc -Wl,--wrap=strdup
EXTRA_DIST += %reldir%/instrumented.sh

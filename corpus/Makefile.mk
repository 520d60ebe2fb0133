# Readers: from files to articles; the sample corpus and its generator.
libnscore_la_SOURCES += %reldir%/article.h %reldir%/reader.h

include %reldir%/sample/Makefile.mk

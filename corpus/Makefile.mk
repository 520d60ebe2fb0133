# Readers: from files to articles; the sample corpus and its generator.
libnscore_la_SOURCES += \
	%reldir%/article.h %reldir%/reader.h \
	%reldir%/agencies.c %reldir%/agencies.h \
	%reldir%/answer.c %reldir%/answer.h \
	%reldir%/article.c \
	%reldir%/charset.c %reldir%/charset.h \
	%reldir%/charset_names.c %reldir%/charset_names.h \
	%reldir%/confined.c %reldir%/confined.h %reldir%/confined_serve.c \
	%reldir%/content.c %reldir%/content.h \
	%reldir%/core.c %reldir%/core.h \
	%reldir%/credits.c %reldir%/credits.h \
	%reldir%/entities.c %reldir%/entities.h \
	%reldir%/fields.c %reldir%/fields.h \
	%reldir%/format.h \
	%reldir%/furniture.c %reldir%/furniture.h \
	%reldir%/site_lines.c %reldir%/site_lines.h \
	%reldir%/headline.c %reldir%/headline.h \
	%reldir%/html_body.c %reldir%/html_body.h \
	%reldir%/html_class.c %reldir%/html_class.h \
	%reldir%/html_dates.c %reldir%/html_dates.h \
	%reldir%/html_facts.h \
	%reldir%/html_head.c %reldir%/html_head.h \
	%reldir%/html_ld.c \
	%reldir%/html_lines.c \
	%reldir%/html_meta.c %reldir%/html_meta.h \
	%reldir%/html_names.c \
	%reldir%/html_node.c %reldir%/html_node.h \
	%reldir%/html_tame.c %reldir%/html_tame.h \
	%reldir%/http_body.c %reldir%/http_body.h \
	%reldir%/input.c %reldir%/input.h \
	%reldir%/json_article.c %reldir%/json_article.h \
	%reldir%/json_values.c %reldir%/json_values.h \
	%reldir%/language.c %reldir%/language.h \
	%reldir%/lines.c %reldir%/lines.h \
	%reldir%/markup.c %reldir%/markup.h \
	%reldir%/mime.c %reldir%/mime.h \
	%reldir%/month_names.c %reldir%/month_names.h \
	%reldir%/nitf.h \
	%reldir%/page.c \
	%reldir%/page_date.c %reldir%/page_date.h \
	%reldir%/read_archive.c \
	%reldir%/read_csv.c \
	%reldir%/read_feed.c \
	%reldir%/read_html.c \
	%reldir%/read_jsonl.c \
	%reldir%/read_mail.c \
	%reldir%/read_newsml.c \
	%reldir%/read_nitf.c \
	%reldir%/read_text.c \
	%reldir%/read_warc.c \
	%reldir%/read_wire.c \
	%reldir%/read_xml.c \
	%reldir%/reader.c \
	%reldir%/request.c %reldir%/sandbox.c %reldir%/sandbox.h \
	%reldir%/record.c %reldir%/record.h \
	%reldir%/textdate.c %reldir%/textdate.h \
	%reldir%/url_date.c \
	%reldir%/walk.c %reldir%/walk.h \
	%reldir%/wording.c %reldir%/wording.h \
	%reldir%/xml_node.c \
	%reldir%/xml_stream.c %reldir%/xml_stream.h \
	%reldir%/xml_tame.c %reldir%/xml_tame.h

noinst_PROGRAMS += %reldir%/make_corpus
%canon_reldir%_make_corpus_SOURCES = %reldir%/make_corpus.c
%canon_reldir%_make_corpus_LDADD = libnscore.la

include %reldir%/sample/Makefile.mk

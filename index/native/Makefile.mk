# The native engine.
libnscore_la_SOURCES += \
	%reldir%/columns.h %reldir%/columns_read.c %reldir%/columns_write.c %reldir%/days.c \
	%reldir%/dictionary.h %reldir%/dictionary_read.c %reldir%/dictionary_write.c \
	%reldir%/files.c %reldir%/files.h \
	%reldir%/flush.c %reldir%/gather.c %reldir%/gather.h \
	%reldir%/inverter.c %reldir%/inverter.h %reldir%/inverter_order.c \
	%reldir%/merge.c %reldir%/merge.h %reldir%/merge_choose.c %reldir%/merge_terms.c %reldir%/merge_terms.h \
	%reldir%/named.h %reldir%/named_numbers.c %reldir%/named_read.c %reldir%/named_write.c \
	%reldir%/native_backend.c \
	%reldir%/pack.c %reldir%/pack.h %reldir%/pack_x86.c \
	%reldir%/parts.c %reldir%/parts.h \
	%reldir%/positions.h %reldir%/positions_read.c %reldir%/positions_write.c \
	%reldir%/postings.h %reldir%/postings_read.c %reldir%/postings_write.c \
	%reldir%/removed.c %reldir%/removed.h \
	%reldir%/segment.h %reldir%/segment_read.c %reldir%/segment_write.c \
	%reldir%/snapshot.c %reldir%/snapshot.h %reldir%/snapshot_terms.c \
	%reldir%/spool.c %reldir%/spool.h \
	%reldir%/survey.c \
	%reldir%/store.c %reldir%/store.h \
	%reldir%/terms_write.c %reldir%/terms_write.h \
	%reldir%/texts.h %reldir%/texts_read.c %reldir%/texts_write.c \
	%reldir%/verify.c \
	%reldir%/whole_file.c %reldir%/whole_file.h

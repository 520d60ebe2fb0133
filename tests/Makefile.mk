# Tests.
check_LTLIBRARIES =
include %reldir%/support/Makefile.mk
include %reldir%/unit/query.mk
include %reldir%/unit/xapian.mk
include %reldir%/unit/reader.mk

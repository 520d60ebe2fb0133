# Tests.
check_LTLIBRARIES =
EXTRA_DIST += %reldir%/README.md
include %reldir%/support/Makefile.mk
include %reldir%/unit/query.mk
include %reldir%/unit/xapian.mk
include %reldir%/unit/reader.mk
include %reldir%/cli/Makefile.mk
include %reldir%/install/Makefile.mk
include %reldir%/doc/Makefile.mk
include %reldir%/sample/Makefile.mk
include %reldir%/rules/Makefile.mk
include %reldir%/unit/text.mk
include %reldir%/cases/Makefile.mk
include %reldir%/eval/Makefile.mk
include %reldir%/unit/native.mk

# Tests.
include %reldir%/unit/query.mk

# The programs as people use them.
cli_tests = %reldir%/test_options.sh %reldir%/test_search.sh %reldir%/test_terminal.sh %reldir%/test_index.sh \
	%reldir%/test_inspect.sh %reldir%/test_export.sh %reldir%/test_rebuild.sh %reldir%/test_recovery.sh \
	%reldir%/test_repair_xapian.sh %reldir%/test_confined.sh %reldir%/test_xapian_tools.sh %reldir%/test_texts.sh
dist_check_SCRIPTS += $(cli_tests)
EXTRA_DIST += %reldir%/lib.sh %reldir%/other_version.py
TESTS += $(cli_tests)

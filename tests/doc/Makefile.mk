# Manual pages say what the programs do; the examples run.
dist_check_SCRIPTS += %reldir%/test_constants.sh %reldir%/test_examples.sh %reldir%/test_manuals.sh
TESTS += %reldir%/test_constants.sh %reldir%/test_examples.sh %reldir%/test_manuals.sh

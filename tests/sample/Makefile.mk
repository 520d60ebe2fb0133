# The sample corpus answers as its README says.
dist_check_SCRIPTS += %reldir%/test_sample.sh
EXTRA_DIST += %reldir%/sample.py
TESTS += %reldir%/test_sample.sh

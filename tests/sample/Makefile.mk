# The sample corpus answers as its README says, and each format is read.
dist_check_SCRIPTS += %reldir%/test_sample.sh %reldir%/test_formats.sh
EXTRA_DIST += %reldir%/sample.py %reldir%/formats.py
TESTS += %reldir%/test_sample.sh %reldir%/test_formats.sh

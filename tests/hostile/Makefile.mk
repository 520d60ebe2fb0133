# Hostile inputs, made when they are wanted.
dist_check_SCRIPTS += %reldir%/test_hostile.sh
EXTRA_DIST += %reldir%/README.md %reldir%/hostile.py %reldir%/generators.py
TESTS += %reldir%/test_hostile.sh

# What an installation must be: complete, hardened, confined, usable by other programs.
dist_check_SCRIPTS += %reldir%/test_hardened.sh %reldir%/test_installed.sh %reldir%/test_schedule.sh
TESTS += %reldir%/test_hardened.sh %reldir%/test_installed.sh %reldir%/test_schedule.sh

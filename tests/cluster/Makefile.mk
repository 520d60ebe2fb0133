# An index in several places: servers that die, shards that are lost. They skip where xapian-tools is not installed.
cluster_tests = %reldir%/test_list.sh %reldir%/test_faults.sh %reldir%/test_replication.sh
dist_check_SCRIPTS += $(cluster_tests)
TESTS += $(cluster_tests)
EXTRA_DIST += %reldir%/servers.py %reldir%/faults.py %reldir%/replication.py %reldir%/wire.py %reldir%/measure.py

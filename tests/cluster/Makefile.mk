# An index in several places: servers that die, shards that are lost. They skip where xapian-tools, or a sshd, is not installed.
cluster_tests = %reldir%/test_list.sh %reldir%/test_faults.sh %reldir%/test_replication.sh \
	%reldir%/test_ssh.sh %reldir%/test_answers.sh
dist_check_SCRIPTS += $(cluster_tests)
TESTS += $(cluster_tests)
EXTRA_DIST += %reldir%/answers.py %reldir%/servers.py %reldir%/faults.py %reldir%/replication.py %reldir%/ssh.py %reldir%/wire.py %reldir%/measure.py

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# long.sh LOG...: the table of 'make check-long': what each promise of doc/reliability.md was tried with. Reads the lines
# "promise D1: what: N points, M wanted, F findings" of the logs, and the result of each test. Fails when a promise has
# no line, too few points or a finding.
set -u
[ $# -gt 0 ] || { echo "usage: $0 LOG..." >&2; exit 2; }
for log in "$@"; do
	result=$(sed -n 's/^:test-result: *//p' "${log%.log}.trs" 2>/dev/null | head -n 1)
	sed -n "s|^promise \([A-Z0-9]*\): \(.*\): \([0-9]*\) points, \([0-9]*\) wanted, \([0-9]*\) findings.*|\1	\2	\3	\4	\5	${result:-?}|p" "$log"
done | sort -s -k1,1 | awk -F '	' '
BEGIN {
	n = split("D1 D2 D3 C1 C2 C3 C4 C6 R1 R2 R3 M1 M2 H1 H2 H3 H4 Q1 Q2 X2 X3 S1 T1 B1 B2", wanted, " ")
	printf "%-4s %-62s %12s %12s %9s\n", "", "what was tried", "points", "wanted", "findings"
}
{
	short = $3 + 0 < $4 + 0 || $5 + 0 > 0 || ($6 != "PASS" && $6 != "?")
	printf "%-4s %-62s %12d %12d %9d%s\n", $1, $2, $3, $4, $5, short ? "  SHORT" : ""
	bad += short
	met[$1] = 1
}
END {
	for (i = 1; i <= n; i++)
		if (!(wanted[i] in met)) {
			printf "%-4s no test said anything\n", wanted[i]
			bad++
		}
	print bad ? bad " promises fall short" : "all promises are met"
	exit bad > 0
}'

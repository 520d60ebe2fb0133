#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The shim gives the hits of a program that calls Xapian directly, for the same queries, with at most 3 % more instructions
# (valgrind counts them) and, for information, so much more time. INDEX=FOLDER takes an index of yours (make bench-shim).
set -u
src=$(cd "${srcdir:?}" && pwd)
overhead=$PWD/tests/bench/shim_overhead
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ -x "$overhead" ] || { echo 'SKIP: built without Xapian'; exit 77; }
index=${INDEX-$work/index}
if [ -z "${INDEX-}" ]; then
	corpus/make_corpus --articles 400 >"$work/articles.jsonl" &&
		tools/nsearch-index -q --engine xapian -i "$index" "$work/articles.jsonl" || { echo 'FAIL: no index'; exit 1; }
fi
"$overhead" "$index/xapian" 200 10 || exit 1
command -v valgrind >/dev/null || { echo 'SKIP: valgrind is missing, and instructions were not counted'; exit 77; }
count() {
	valgrind --tool=callgrind --callgrind-out-file=/dev/null "$PWD/tests/bench/.libs/shim_overhead" "$index/xapian" 200 "$1" 2>&1 |
		sed -n 's/.*Collected : //p'
}
[ -x "$PWD/tests/bench/.libs/shim_overhead" ] || count() {
	valgrind --tool=callgrind --callgrind-out-file=/dev/null "$overhead" "$index/xapian" 200 "$1" 2>&1 | sed -n 's/.*Collected : //p'
}
none=$(count none) direct=$(count direct) shim=$(count shim) engine=$(count engine)
[ -n "$none" ] && [ -n "$engine" ] || { echo 'FAIL: no counts from valgrind'; exit 1; }
awk -v n="$none" -v d="$direct" -v s="$shim" -v e="$engine" 'BEGIN {
	printf "instructions a query: direct %.0f, through the shim %.0f: %.4f times; as a plan of the engine %.4f times\n",
		(d - n) / 200, (s - n) / 200, (s - n) / (d - n), (e - n) / (d - n)
	exit (s - n) / (d - n) > 1.03
}' || { echo 'FAIL: the shim costs more than 3 %'; exit 1; }

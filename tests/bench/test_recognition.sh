#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Indexing keeps 70 % of its speed with names, quotations and groups of copies: instructions of nsearch-index over real news, one
# thread, against the same program without them (recognition.c). With NSEARCH_TEST_LONG=1, where valgrind and the shared data are
# ($NSEARCH_SHARED, else ../shared beside the source); ARTICLES=N of them are taken [1500], from all sets.
set -u
src=$(cd "${srcdir:?}" && pwd)
shared=${NSEARCH_SHARED-$src/../shared}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ "${NSEARCH_TEST_LONG-0}" = 1 ] || { echo 'SKIP: set NSEARCH_TEST_LONG=1'; exit 77; }
command -v valgrind >/dev/null || { echo 'SKIP: valgrind is missing'; exit 77; }
command -v xz >/dev/null || { echo 'SKIP: xz is missing'; exit 77; }
[ -r "$shared/data/news/senate-releases.jsonl.xz" ] || { echo "SKIP: no shared data at $shared"; exit 77; }
[ -x tests/bench/index-without ] || { echo 'SKIP: this linker cannot put functions in the place of others'; exit 77; }
xz -dc "$shared"/data/news/*.jsonl.xz >"$work/all" || exit 1
awk -v step="$(($(wc -l <"$work/all") / ${ARTICLES-1500}))" 'NR % step == 0' <"$work/all" >"$work/articles.jsonl"

count() { # count PROGRAM
	rm -rf "$work/index"
	valgrind --tool=callgrind --callgrind-out-file=/dev/null "tests/bench/$1" -q --no-sandbox --threads 1 -i "$work/index" \
		"$work/articles.jsonl" 2>"$work/log" >&2
	[ -e "$work/index/MANIFEST" ] || { cat "$work/log" >&2; return; }
	sed -n 's/.*Collected : //p' "$work/log"
}
with=$(count index-with) without=$(count index-without)
[ -n "$with" ] && [ -n "$without" ] || { echo 'FAIL: no counts from valgrind'; exit 1; }
awk -v a="$with" -v b="$without" -v n="$(wc -l <"$work/articles.jsonl")" 'BEGIN {
	printf "instructions an article, of %d: %.0f, and %.0f without names and groups: %.1f %% of the speed is kept\n",
		n, a / n, b / n, 100 * b / a
	exit b / a < .70
}' || { echo 'FAIL: less than 70 %'; exit 1; }

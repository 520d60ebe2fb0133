#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Native and Xapian engine give the same first stage, ids and scores, for 1,000 queries of every kind over the sample; and,
# where the shared data is ($NSEARCH_SHARED, else ../shared beside the source), for 1,000 real queries over its
# seeds and over Reuters-21578: the first 2,000 articles, or all of them with NSEARCH_TEST_LONG=1.
set -u
src=$(cd "${srcdir:?}" && pwd)
bin=$PWD/tools
compare=$PWD/tests/eval/compare_indexes
shared=${NSEARCH_SHARED-$src/../shared}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ -x "$compare" ] || { echo 'SKIP: built without Xapian'; exit 77; }
command -v python3 >/dev/null || { echo 'SKIP: python3 is missing'; exit 77; }

# over NAME PATH QUERIES: indexes PATH with both engines and compares.
over() {
	for engine in native xapian; do
		"$bin/nsearch-index" -q --engine $engine -i "$work/$1.$engine" "$2" >"$work/log" 2>&1
		[ $? -le 1 ] || { cat "$work/log"; echo "FAIL: cannot index $1 with $engine"; exit 1; }
	done
	[ "$(wc -l <"$3")" -eq 1000 ] || { echo "FAIL: not 1,000 queries over $1"; exit 1; }
	printf '%s: ' "$1"
	"$compare" "$work/$1.native" "$work/$1.xapian" "$3" || exit 1
}

sample=$src/corpus/sample/articles
"$bin/nsearch-inspect" --json read "$sample" 2>/dev/null | python3 "$src/tests/eval/make_queries.py" 1000 1 >"$work/queries"
over sample "$sample" "$work/queries"

real=$shared/data/queries/trec_million_query_first_20k.tsv
[ -r "$real" ] || { echo "SKIP: no shared data at $shared: seeds and Reuters were left out"; exit 77; }
head -n 1000 "$real" >"$work/queries"
over seeds "$shared/seeds" "$work/queries"
xz -dc "$shared/data/news/reuters-1987-dev.jsonl.xz" >"$work/all.jsonl" || exit 1
if [ "${NSEARCH_TEST_LONG-0}" = 1 ]; then
	mv "$work/all.jsonl" "$work/reuters.jsonl"
else
	head -n 2000 "$work/all.jsonl" >"$work/reuters.jsonl"
fi
over reuters "$work/reuters.jsonl" "$work/queries"

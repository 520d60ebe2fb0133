#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Native and Xapian engine give the same first stage: ids and scores of 1,000 queries over the sample, and, where the
# shared data is ($NSEARCH_SHARED, else ../shared beside the source), over its seeds and Reuters-21578.
set -u
src=$(cd "${srcdir:?}" && pwd)
bin=$PWD/tools
compare=$PWD/tests/eval/compare_indexes
shared=${NSEARCH_SHARED-$src/../shared}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ -x "$compare" ] || { echo 'SKIP: built without Xapian'; exit 77; }

# name PATH QUERIES: indexes PATH with both engines and compares.
over() {
	for engine in native xapian; do
		"$bin/nsearch-index" -q --engine $engine -i "$work/$1.$engine" "$2" >"$work/log" 2>&1
		[ $? -le 1 ] || { cat "$work/log"; echo "FAIL: cannot index $1 with $engine"; exit 1; }
	done
	printf '%s: ' "$1"
	"$compare" "$work/$1.native" "$work/$1.xapian" "$3" || exit 1
}

# Queries of every kind over the sample: the cases of tests/cases, and pieces of the articles' own text.
"$bin/nsearch-index" -q -i "$work/words" "$src/corpus/sample/articles" >/dev/null 2>&1
awk -F '\t' '!/^#/ && NF >= 2 { print "case" NR "\t" $1 }' "$src/tests/cases/"*.tsv >"$work/queries"
cat "$src"/corpus/sample/articles/*.txt "$src"/corpus/sample/articles/*/*.txt 2>/dev/null | tr -d '\r' |
	LC_ALL=C awk 'NF > 6 && n < 1000 { i = 1 + n % 5; l = 1 + n % 4; q = ""
		for (k = 0; k < l && i + k <= NF; k++) q = q (k ? " " : "") $(i + k)
		if (n % 9 == 0) q = "\"" q "\""
		print "text" n++ "\t" q }' >>"$work/queries"
over sample "$src/corpus/sample/articles" "$work/queries"

queries=$shared/data/queries/trec_million_query_first_20k.tsv
[ -r "$queries" ] || { echo "SKIP: no shared data at $shared: seeds and Reuters were left out"; exit 77; }
head -n 1000 "$queries" >"$work/queries"
over seeds "$shared/seeds" "$work/queries"
xz -dc "$shared/data/news/reuters-1987-dev.jsonl.xz" >"$work/reuters.jsonl" || exit 1
over reuters "$work/reuters.jsonl" "$work/queries"

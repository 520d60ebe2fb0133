#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# No judged set may fall below plain BM25 over whole articles (plain_bm25.py), by MAP and by nDCG@10. The sets and the
# script that measures are shared data ($NSEARCH_SHARED, else ../shared beside the source). Three small sets; all with
# NSEARCH_TEST_LONG=1 ('make eval').
set -u
src=$(cd "${srcdir:?}" && pwd)
bin=$PWD/tools
shared=${NSEARCH_SHARED-$src/../shared}
sets='cranfield npl cacm'
[ "${NSEARCH_TEST_LONG-0}" != 1 ] ||
	sets="$sets fnc1-dev ecbplus-dev reuters-entities-dev reuters-topics-dev"
command -v python3 >/dev/null || { echo 'SKIP: python3 is missing'; exit 77; }
command -v xz >/dev/null || { echo 'SKIP: xz is missing'; exit 77; }
[ -r "$shared/eval/measure.py" ] || { echo "SKIP: no shared data at $shared"; exit 77; }
. "$src/tests/support/instrumented.sh"
is_instrumented && { echo 'SKIP: too slow with sanitizers'; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# measure SET RUN: "MAP nDCG@10"
measure() {
	python3 "$shared/eval/measure.py" "$shared/data/ir/$1/qrels.txt" "$2" |
		awk '$1 == "MAP" { map = $2 } $1 == "nDCG@10" { print map, $2 }'
}
# A query that is an article of its set must not find itself.
not_itself() {
	if [ "$1" = ecbplus-dev ]; then awk '$1 != $3'; else cat; fi
}

failed=0
for set in $sets; do
	ir=$shared/data/ir/$set
	docs=$ir/docs.jsonl.xz
	[ -r "$docs" ] || docs=$shared/data/news/reuters-1987-dev.jsonl.xz
	xz -dc "$docs" >"$work/docs.jsonl" || exit 1
	rm -rf "$work/index"
	"$bin/nsearch-index" -q -i "$work/index" "$work/docs.jsonl" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
	"$bin/nsearch" -i "$work/index" --queries "$ir/queries.tsv" --trec nsearch -n 1000 >"$work/all" ||
		{ echo "FAIL: $set: the queries were not answered"; exit 1; }
	not_itself "$set" <"$work/all" >"$work/run"
	python3 "$src/tests/eval/plain_bm25.py" "$work/docs.jsonl" "$ir/queries.tsv" | not_itself "$set" >"$work/plain"
	ours=$(measure "$set" "$work/run") plain=$(measure "$set" "$work/plain")
	echo "$set: MAP and nDCG@10 $ours, plain BM25 $plain"
	echo "$ours $plain" | awk '{ exit !($1 >= $3 && $2 >= $4 && $1 > 0) }' || { echo "FAIL: $set"; failed=1; }
done
exit $failed

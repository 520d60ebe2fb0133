#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# How well names are found (names.py): in marked texts, which are here, an F1 of .80 in either half; of what editors tagged in
# news of 1987, which is shared data ($NSEARCH_SHARED, else ../shared beside the source), .90 of the places and .80 of the people. And
# whether they help: queries that are names must find 10 % more (MAP) than without --entity-weight, which then links no name
# and searches no alias. The last two with NSEARCH_TEST_LONG=1 only ('make eval').
set -u
src=$(cd "${srcdir:?}" && pwd)
bin=$PWD/tools
here=$src/tests/eval
shared=${NSEARCH_SHARED-$src/../shared}
command -v python3 >/dev/null || { echo 'SKIP: python3 is missing'; exit 77; }
failed=0
python3 "$here/names.py" marked "$bin/nsearch-inspect" "$here/names/marked.txt" "$here/names/sample.tsv" \
	"$src/corpus/sample/articles" || { echo 'FAIL: marked texts'; failed=1; }
[ "${NSEARCH_TEST_LONG-0}" = 1 ] || exit $failed
news=$shared/data/news/reuters-1987-dev.jsonl.xz
set=$shared/data/ir/reuters-entities-dev
[ -r "$news" ] || { echo "SKIP: no shared data at $shared"; [ $failed = 1 ] || exit 77; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
xz -dc "$news" >"$work/news.jsonl" || exit 1
python3 "$here/names.py" tags "$bin/nsearch-inspect" "$work/news.jsonl" || { echo 'FAIL: tags'; failed=1; }
"$bin/nsearch-index" -q -i "$work/index" "$work/news.jsonl" || exit 1
map_of() {
	"$bin/nsearch" -i "$work/index" --queries "$set/queries.tsv" --trec names -n 1000 --entity-weight "$1" >"$work/run" &&
		python3 "$shared/eval/measure.py" "$set/qrels.txt" "$work/run" | awk '$1 == "MAP" { print $2 }'
}
with=$(map_of 0.25) without=$(map_of 0)
echo "queries that are names: MAP $with, without names $without"
echo "$with $without" | awk '{ exit !($1 >= 1.1 * $2) }' || { echo 'FAIL: names do not help enough'; failed=1; }
exit $failed

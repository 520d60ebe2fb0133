#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Copies and events against gold, where the shared data is ($NSEARCH_SHARED, else ../shared beside the source) and with
# NSEARCH_TEST_LONG=1: 2,000 articles with edited copies planted among 55,510, in one commit and in ten; pairs of articles on the same
# event; and five pages about one event.
set -u
src=$(cd "${srcdir:?}" && pwd)
bin=$PWD/tools
pairs=$PWD/tests/eval/event_pairs
shared=${NSEARCH_SHARED-$src/../shared}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
command -v python3 >/dev/null || { echo 'SKIP: python3 is missing'; exit 77; }
[ -r "$shared/data/news/senate-releases.jsonl.xz" ] || { echo "SKIP: no shared data at $shared"; exit 77; }
[ "${NSEARCH_TEST_LONG-0}" = 1 ] || { echo 'SKIP: set NSEARCH_TEST_LONG=1'; exit 77; }
failed=0

index() { # index INDEX PATH
	"$bin/nsearch-index" -q -i "$work/$1" "$2" >"$work/log" 2>&1
	[ $? -le 1 ] || { cat "$work/log"; echo "FAIL: cannot index $2"; exit 1; }
}

index seeds "$shared/seeds"
"$bin/nsearch" --json -i "$work/seeds" kim putin | python3 -c '
import json, sys
hits = {h["id"][6:9]: h for h in json.load(sys.stdin)["hits"]}
copies = {n: [c["id"][6:9] for c in h["copies"]] for n, h in hits.items()}
events = {n: {r["id"][6:9]: r for r in h["also_on_this_event"]} for n, h in hits.items()}
head = "000" if "000" in hits else "001"
other = {"000": "001", "001": "000"}[head]
lent = hits["001"] if head == "001" else hits["000"]["copies"][0]
good = [copies[head] == [other], all(not c for n, c in copies.items() if n != head),
        "003" in events["002"], head in events["004"] and events["004"][head]["shared"] >= .15,
        lent["date_inferred"] and lent["date"] == "2023-09-11" and lent["date_source"].startswith("copy of ")]
print("five pages:", "as a person sees them" if all(good) else "FAIL: %s" % good)
sys.exit(not all(good))' || failed=1

for set in ecbplus-dev fnc1-dev; do
	xz -dc "$shared/data/ir/$set/docs.jsonl.xz" >"$work/$set.jsonl" || exit 1
	index $set "$work/$set.jsonl"
	"$pairs" "$work/$set" >"$work/$set.pairs" || exit 1
done
python3 "$src/tests/eval/events.py" "$work/ecbplus-dev.jsonl" event "$work/ecbplus-dev.pairs" \
	"$work/fnc1-dev.jsonl" story "$work/fnc1-dev.pairs" || { echo 'FAIL: same event'; failed=1; }

for set in reuters-1987-dev senate-releases; do
	xz -dc "$shared/data/news/$set.jsonl.xz" >"$work/$set.jsonl" || exit 1
done
python3 "$src/tests/eval/plant_copies.py" 1 2000 "$work/gold" "$work/reuters-1987-dev.jsonl" \
	"$work/senate-releases.jsonl" >"$work/planted.jsonl" || exit 1
# by standard input: the name of the file is part of what an article is
index planted - <"$work/planted.jsonl"
"$bin/nsearch-inspect" --json -i "$work/planted" groups >"$work/groups" || exit 1
python3 "$src/tests/eval/copies.py" "$work/gold" "$work/planted.jsonl" <"$work/groups" || { echo 'FAIL: copies'; failed=1; }
split -n l/10 "$work/planted.jsonl" "$work/part."
for part in "$work"/part.*; do
	index parts - <"$part"
done
sorted() { python3 -c '
import json, sys
for g in sorted(sorted(a["id"] for a in g["articles"]) for g in json.load(sys.stdin)["groups"]): print(*g)'; }
sorted <"$work/groups" >"$work/one"
"$bin/nsearch-inspect" --json -i "$work/parts" groups | sorted >"$work/ten"
cmp "$work/one" "$work/ten" && echo 'the same groups in one commit and in ten' || { echo 'FAIL: groups depend on commits'; failed=1; }
exit $failed

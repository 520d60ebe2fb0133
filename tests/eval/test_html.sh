#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the HTML reader takes out of pages against what people took out of them, each figure beside an anchor and the goal:
# body, text to keep and to leave out, dates, headlines, bylines, and speed; and five articles that came as plain text.
# Only with NSEARCH_TEST_LONG=1 ('make eval') and the shared data ($NSEARCH_SHARED, else ../shared beside the source).
set -u
src=$(cd "${srcdir:?}" && pwd)
inspect=$PWD/tools/nsearch-inspect
speed=$PWD/tests/eval/read_speed
shared=${NSEARCH_SHARED-$src/../shared}
html=$shared/data/html
[ "${NSEARCH_TEST_LONG-0}" = 1 ] || { echo 'SKIP: only in make eval'; exit 77; }
for program in python3 xz tar; do
	command -v $program >/dev/null || { echo "SKIP: $program is missing"; exit 77; }
done
[ -r "$html/readability.gold.jsonl" ] || { echo "SKIP: no shared data at $shared"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# row WHAT VALUE GOAL ANCHOR: fails where the value is below the goal.
row() {
	printf '%-46s %7s  goal %-5s  %s\n' "$1" "$2" "$3" "$4"
	echo "$2 $3" | awk '{ exit !($1 >= $2) }' || { echo "FAIL: $1"; failed=1; }
}
# measure SET MEASURE: the figures, name<TAB>value<TAB>detail
measure() {
	mkdir "$work/$1"
	tar -C "$work/$1" -xJf "$html/$1.tar.xz" || exit 1
	"$inspect" --json read "$work/$1" 2>/dev/null |
		python3 "$src/tests/eval/html_pages.py" "$2" "$html/$1.gold.jsonl" >"$work/$1.figures" || exit 1
	sed 's/^/    /' "$work/$1.figures"
}
figure() {
	awk -F '\t' -v name="$2" '$1 == name { print $2 }' "$work/$1.figures"
}

measure article-extraction-benchmark body
row 'body F1, article-extraction-benchmark' "$(figure article-extraction-benchmark F1)" .95 \
	'readability.js .947, trafilatura .958, best .970'
measure trafilatura-en strings
row 'strings F, trafilatura-en' "$(figure trafilatura-en F)" .90 'trafilatura .909'
measure htmldate-en dates
row 'dates F, htmldate-en' "$(figure htmldate-en F)" .93 'htmldate .949, fast .925 (both: F lenient)'
measure readability names
row 'title exact, readability' "$(figure readability title)" .95 'readability.js made most of the gold'
row 'byline exact, readability' "$(figure readability byline)" .85 'readability.js made most of the gold'

# Five articles as plain text: headline, outlet, date and body as a person reads them; only digests are kept here.
"$inspect" --json read "$shared/seeds" 2>/dev/null | python3 -c '
import hashlib, json, sys
for line in sys.stdin:
    a = json.loads(line)
    text = "\n".join([a["title"], a["source"], a["date"][:10]] + a["paragraphs"])
    print(a["id"][-20:-4], hashlib.sha256(text.encode()).hexdigest()[:16])' >"$work/seeds"
right=$(sort "$work/seeds" | comm -12 - "$src/tests/eval/seeds.digests" | wc -l)
row 'seeds read right, of 5' "$right" 5 'a person'

"$speed" "$work/article-extraction-benchmark" "$work/trafilatura-en" "$work/htmldate-en" "$work/readability" \
	>"$work/speed" || exit 1
row "speed, $(sed 's/^[^,]*, //' "$work/speed")" "$(cut -d ' ' -f 1 "$work/speed")" 30 'MB/s on one core'
exit $failed

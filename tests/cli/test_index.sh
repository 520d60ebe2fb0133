#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# nsearch-index: adds, updates, leaves alone, removes, skips, cancels; what the summary says is what happened.
. "${srcdir:?}/tests/cli/lib.sh"
index=$scratch/index
news=$scratch/news
mkdir "$news"
article() { # FILE WORDS
	printf '%s\n\nThe %s was seen again on Monday. Officials said so. Nobody else did.\n' "Headline of $1" "$2" >"$news/$1"
}
update() { # STATUS ARGUMENT...
	wanted=$1
	shift
	run "$wanted" "$bin/nsearch-index" -i "$index" --json "$@"
}
counts() {
	json '(a["added"], a["updated"], a["unchanged"], a["removed"], a["skipped"])'
}
articles() {
	"$bin/nsearch-inspect" -i "$index" --json stats | sed -n 's/^ *"articles": \([0-9]*\).*/\1/p'
}

article a.txt walrus
article b.txt heron
article c.txt lynx
update 0 "$news"
same 'a new index' "$(counts)" '(3, 0, 0, 0, 0)'
update 0 "$news"
same 'nothing changed' "$(counts)" '(0, 0, 3, 0, 0)'
article b.txt stork
update 0 "$news"
same 'one changed' "$(counts)" '(0, 1, 2, 0, 0)'
run 0 "$bin/nsearch" -i "$index" stork
run 1 "$bin/nsearch" -i "$index" heron
rm "$news/c.txt"
update 0 "$news"
same 'a missing one stays' "$(articles)" 3
update 0 --remove-missing "$news"
same 'until it is to go' "$(counts)" '(0, 0, 2, 1, 0)'
same 'articles left' "$(articles)" 2
run 1 "$bin/nsearch" -i "$index" lynx

# Another folder's articles are not missing.
mkdir "$scratch/other"
cp "$news/a.txt" "$scratch/other/z.txt"
update 0 --remove-missing "$scratch/other"
same 'articles from two folders' "$(articles)" 3
# A folder that cannot be read is no empty folder.
mv "$news" "$scratch/away"
update 2 --remove-missing "$news" "$scratch/other"
same 'a folder is away' "$(articles)" 3
mv "$scratch/away" "$news"

# One by id.
run 0 "$bin/nsearch" -i "$index" --json walrus
id=$(json 'a["hits"][0]["id"]')
before=$(articles)
update 0 --remove "$id"
same 'removed by id' "$(articles)" $((before - 1))
update 2 --remove "$id"
err_has "$id"

# Standard input.
printf '{"id": "s1", "title": "From a pipe", "text": "An okapi came through the pipe. It was tired."}\n' |
	"$bin/nsearch-index" -q -i "$index" - || fail "standard input"
run 0 "$bin/nsearch" -i "$index" okapi

# Skipped articles are named with the reason, counted, and no error.
update 0 "$sample"
skipped=$(json 'a["skipped"]')
[ "$skipped" -ge 3 ] || fail "only $skipped unreadable articles were skipped"
same 'the reasons add up' "$(json 'sum(r["count"] for r in a["skipped_reasons"])')" "$skipped"
same 'each is named' "$(grep -c '^skipped ' "$scratch/err")" "$skipped"
err_has '^skipped .*empty.txt: '
run 0 "$bin/nsearch-index" -q -i "$index" "$sample"
same 'quiet' "$(cat "$scratch/out" "$scratch/err")" ''
i=0
while [ $i -lt 50 ]; do
	: >"$news/empty$i.txt"
	i=$((i + 1))
done
run 0 "$bin/nsearch-index" -i "$index" "$news"
same 'a flood is limited' "$(grep -c '^skipped .*: ' "$scratch/err")" 20
err_has '^skipped 30 more'
out_has 'of memory at the peak'
run 0 "$bin/nsearch-index" -v -i "$index" "$news"
same 'or told in full' "$(grep -c '^skipped .*: ' "$scratch/err")" 50

# The other engine, a gazetteer, merging.
if "$bin/nsearch" --version | grep -q xapian; then
	run 0 "$bin/nsearch-index" -q -i "$scratch/x" --engine xapian "$news"
	run 0 "$bin/nsearch" -i "$scratch/x" stork
	run 2 "$bin/nsearch-index" -q -i "$scratch/x" --engine native "$news"
	err_has xapian
fi
update 0 --merge
same 'segments after a merge' "$(json 'a["segments"]')" 1

# A signal cancels; the index is as it was. (A shell has its background jobs ignore SIGINT.)
same_before=$("$bin/nsearch-inspect" -i "$index" --json stats)
mkfifo "$scratch/pipe"
"$bin/nsearch-index" -i "$index" - <"$scratch/pipe" >"$scratch/out" 2>"$scratch/err" &
pid=$!
(
	i=0
	while [ $i -lt 100000 ]; do
		echo "{\"id\": \"p$i\", \"title\": \"Flood $i\", \"text\": \"The flood number $i rose over the bank.\"}"
		i=$((i + 1))
	done
) >"$scratch/pipe" 2>/dev/null &
writer=$!
sleep 1
kill -TERM $pid 2>/dev/null || fail "it ended before the signal"
wait $pid
same 'exit code when cancelled' $? 2
kill $writer 2>/dev/null
wait $writer 2>/dev/null
err_has 'cancelled'
same 'index after cancelling' "$("$bin/nsearch-inspect" -i "$index" --json stats)" "$same_before"
finish 40

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

# What did not change is not read again, once its times are some seconds old.
sleep 2.1
update 0 "$news"
update 0 --remove-missing "$news"
same 'files not read again' "$(json '(a["files_not_reread"], a["read"], a["bytes_read"], a["unchanged"])')" '(2, 0, 0, 2)'
update 0 --reread "$news"
same 'all read again' "$(json '(a["files_not_reread"], a["read"], a["unchanged"])')" '(0, 2, 2)'
update 0 --fields text=words "$news"
same 'with other fields' "$(json 'a["files_not_reread"]')" 0
update 0 "$news"
touch -r "$news/a.txt" "$scratch/time"
article a.txt yak
touch -r "$scratch/time" "$news/a.txt"
update 0 "$news"
same 'the old time does not hide it' "$(json '(a["files_not_reread"], a["updated"])')" '(1, 1)'
run 0 "$bin/nsearch" -i "$index" yak
rm "$index/FILES"
update 0 "$news"
same 'without a record' "$(counts)" '(0, 0, 2, 0, 0)'
mv "$news" "$scratch/away"
mkdir "$news"
update 0 --remove-missing "$news"
same 'all are gone' "$(counts)" '(0, 0, 0, 2, 0)'
rmdir "$news"
mv "$scratch/away" "$news"
update 0 "$news"
same 'and come back as they were' "$(counts)" '(2, 0, 0, 0, 0)'

# What may not be read keeps its articles; root may read all, and is another for this.
as=
[ "$(id -u)" -ne 0 ] || as='setpriv --reuid=65534 --regid=65534 --clear-groups'
if $as "$bin/nsearch-index" --version >"$scratch/out" 2>&1; then
	mkdir "$scratch/open" "$scratch/open/sub"
	article a.txt walrus
	cp "$news"/a.txt "$scratch/open/a.txt"
	cp "$news"/b.txt "$scratch/open/sub/b.txt"
	chmod 755 "$scratch"
	mkdir "$scratch/mine" && chmod 777 "$scratch/mine"
	run 0 $as "$bin/nsearch-index" -i "$scratch/mine/i" --json "$scratch/open"
	chmod 000 "$scratch/open/a.txt" "$scratch/open/sub"
	run 0 $as "$bin/nsearch-index" -i "$scratch/mine/i" --json --reread --remove-missing "$scratch/open"
	same 'kept, and said so' "$(counts)" '(0, 0, 0, 0, 2)'
	same 'both are there' "$(json 'a["articles"]')" 2
	chmod 755 "$scratch/open/a.txt" "$scratch/open/sub"
	run 0 $as "$bin/nsearch-index" -i "$scratch/mine/i" --json --remove-missing "$scratch/open"
	same 'read again' "$(counts)" '(0, 0, 2, 0, 0)'
else
	echo "cannot become another user: reading without permission is not tested"
fi
article a.txt walrus
update 0 "$news"

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

# An article that is too long is kept, searched as far as that, and named.
mkdir "$scratch/long"
python3 -c 'import json, sys
words = lambda n: "".join("w%x " % i for i in range(n))
for name, text in ("whole", words(131072)), ("cut", words(131072) + "quagga"):
    print(json.dumps({"id": name, "title": "A headline", "text": text}))' >"$scratch/long/two.jsonl"
update 0 "$scratch/long/two.jsonl"
same 'one is cut' "$(json 'a["added"], a["cut"]')" '(2, 1)'
same 'it alone is named' "$(grep -c '^cut ' "$scratch/err")" 1
err_has '^cut .*two.jsonl:2: too long: its first [0-9]* bytes of text are searched, of [0-9]* that are kept$'
for query in w1ffff w1fffe; do
	run 0 "$bin/nsearch" -i "$index" --json -p 0 "$query"
	same "what is not too far down: $query" "$(json 'a["found"]')" 2
done
run 1 "$bin/nsearch" -i "$index" quagga
run 0 "$bin/nsearch-inspect" -i "$index" --json article cut
same 'the rest is kept' "$(json 'a["paragraphs"][-1].endswith("quagga")')" True
update 0 --remove whole --remove cut

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

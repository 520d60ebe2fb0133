#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# nsearch-inspect: what it shows of an index and of files is what is there, for a person and as JSON.
. "${srcdir:?}/tests/cli/lib.sh"
index=$scratch/index
run 0 "$bin/nsearch-index" -q -i "$index" "$sample"
look() {
	wanted=$1
	shift
	run "$wanted" "$bin/nsearch-inspect" -i "$index" "$@"
}

look 0 stats
out_has '^articles  *[0-9]'
look 0 --json stats
articles=$(json 'a["articles"]')
passages=$(json 'a["passages"]')
[ "$articles" -gt 40 ] && [ "$passages" -ge "$articles" ] || fail "$articles articles, $passages passages"
look 0 verify
out_has '^sound: '
look 0 --json verify
same 'sound' "$(json 'a["sound"]')" True

look 0 terms artiller
out_has ' artilleri*$'
look 0 --json terms entity:north
same 'names' "$(json 'any(t["term"] == "entity:north korea" for t in a["terms"])')" True
look 1 terms zzxqvyw
look 0 -n 3 terms raw:
same 'a limit' "$(grep -c '^ ' "$scratch/out")" 3

look 0 --json postings shells
same 'as many postings as df' "$(json 'a["df"] == len(a["postings"]) > 0')" True
same 'tf is at least the positions' "$(json 'all(p["tf"] >= len(p["positions"]) and p["length"] >= p["tf"] for p in a["postings"])')" True
id=$(json 'a["postings"][0]["article"]')
look 0 --json postings entity:dprk
same 'an alias' "$(json 'a["term"]')" 'entity:north korea'
look 0 postings =shells
out_has '^=shells: '
look 1 postings zzxqvyw

look 0 article "$id"
out_has '\[passage 0, docid '
look 0 --json article "$id"
same 'the id' "$(json 'a["id"]')" "$id"
same 'passages hold the paragraphs' \
	"$(json '"".join("".join(p["text"].split()) for p in a["passages"]) == "".join("".join(p.split()) for p in a["paragraphs"])')" True
look 1 article 'no such article'
err_has 'no article'

look 0 groups
out_has '[0-9]* of [0-9]* articles in [0-9]* groups'
look 0 --json groups
same 'groups' "$(json 'a["group_count"] == len(a["groups"]) > 0 and all(g["size"] == len(g["articles"]) > 1 for g in a["groups"])')" True
same 'an article in two groups' \
	"$(json '(lambda ids: len(ids) == len(set(ids)) == a["articles_in_groups"])([m["id"] for g in a["groups"] for m in g["articles"]])')" True

# Who had a story first, what each outlet added and cut, and the date that a copy lends.
body='The harbour council of Oldport voted on Monday to close the northern quay for eighteen months while engineers replace the timber piles that have carried cranes since 1911.\nDockworkers gathered outside the customs house with placards, and their spokesman Edwin Harrow said four hundred families would lose wages.\nInsurance brokers expect freight rates along the estuary to climb by a fifth, because barges must unload at Saltmarsh.'
{
	printf '{"id":"crawl","source":"Aggregator","date":"2024-11-02","title":"Quay to close","text":"%s"}\n' "$body"
	printf '{"id":"own","source":"Quayside","title":"Quay to close","text":"%s\\nA retired pilot called it the saddest evening that he remembered."}\n' "$body"
	printf '{"id":"wire","source":"Oldport Wire","date":"2023-09-11","title":"Quay to close","text":"%s"}\n' "$body"
	printf '{"id":"cut","source":"Ledger","date":"2023-09-13","title":"Quay shut","text":"%s"}\n' "${body%%\\nInsurance*}"
} >"$scratch/copies.jsonl"
run 0 "$bin/nsearch-index" -q -i "$scratch/copies" "$scratch/copies.jsonl"
run 0 "$bin/nsearch-inspect" -i "$scratch/copies" --json copies cut
same 'in the order of the days that count' "$(json '[c["id"] for c in a["copies"]]')" "['wire', 'crawl', 'own', 'cut']"
same 'the first' "$(json '[c["first_seen"] for c in a["copies"]]')" '[True, False, False, False]'
same 'dates inferred' "$(json '[c["date"] for c in a["copies"] if c["date_inferred"] and c["date_source"] == "copy of wire"]')" \
	"['2023-09-11', '2023-09-11']"
same 'what is new' "$(json '[len(c["added"]) for c in a["copies"]]')" '[0, 0, 1, 0]'
same 'what was cut' "$(json '[len(c["cut"]) for c in a["copies"]]')" '[0, 0, 0, 1]'
run 0 "$bin/nsearch-inspect" -i "$scratch/copies" copies wire
out_has '^2023-09-11  Oldport Wire  first seen, '
out_has 'the date is inferred: copy of wire; its own is 2024-11-02'
out_has '+ A retired pilot'
out_has '- Insurance brokers'
run 1 "$bin/nsearch-inspect" -i "$scratch/copies" copies nobody

# Reading needs no index, and says the same as what is indexed later.
run 0 "$bin/nsearch-inspect" --json read "$sample"
same 'articles read' "$(json 'len(a)')" "$articles"
same 'members' "$(json 'all(set("id title date date_source source byline url language paragraphs dropped entities".split()) <= set(x) for x in a)')" True
same 'names stand where they are said to' \
	"$(json 'all({-1: x["title"], -2: x["dateline"]}.get(e["paragraph"], x["paragraphs"][e["paragraph"]] if e["paragraph"] >= 0 else "")[e["start"]:e["end"]] == e["text"] for x in a for e in x["entities"])')" True
[ "$(json 'sum(len(x["entities"]) for x in a)')" -gt 100 ] || fail "few names in the sample"
same 'kinds of names' "$(json 'set(e["type"] for x in a for e in x["entities"]) <= {"person", "place", "org", "other"}')" True
[ "$(json 'sum(len(x["dropped"]) for x in a)')" -gt 20 ] || fail "little furniture was left out"
err_has '^skipped '
run 1 "$bin/nsearch-inspect" read "$sample/unreadable/empty.txt"
run 2 "$bin/nsearch-inspect" read "$scratch/nothing-there"
run 0 "$bin/nsearch-inspect" read "$sample/pages/harbour-whale.txt"
out_has '^Names:'

# A damaged index is found out.
victim=$(find "$index" -type f -size +4k -name 'seg-*' | head -n 1)
if [ -n "$victim" ]; then
	size=$(wc -c <"$victim")
	printf '\252\125\252\125' | dd of="$victim" bs=1 seek=$((size / 2)) conv=notrunc 2>/dev/null
	look 2 verify
	err_has "$(basename "$victim")"
	look 2 --json verify
	if [ -s "$scratch/out" ]; then
		same 'damage in JSON' "$(json 'a["sound"]')" False
	fi
fi
finish 40

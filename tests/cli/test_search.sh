#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# nsearch on the sample: for a person, as JSON, as a TREC run.
. "${srcdir:?}/tests/cli/lib.sh"
index=$scratch/index
run 0 "$bin/nsearch-index" -q -i "$index" "$sample"
search() {
	wanted=$1
	shift
	run "$wanted" "$bin/nsearch" -i "$index" "$@"
}

search 0 artillery shells
out_has ' articles* found in [0-9.]* ms$'
out_has '^ 1\. '
out_lacks "$(printf '\033')"
search 1 zzxqvyw
out_has 'nothing found'
search 1 --json zzxqvyw
same 'hits' "$(json 'len(a["hits"])')" 0

# Options behind the words; a word to leave out among them; words behind "--".
search 0 --json artillery shells
all=$(json 'a["found"]')
search 0 artillery shells --json -n 2
same 'heads with -n 2' "$(json 'len(a["hits"])')" 2
same 'found with -n 2' "$(json 'a["found"]')" "$all"
search 0 artillery shells -museum --json
[ "$(json 'a["found"]')" -lt "$all" ] || fail "-museum left nothing out"
same 'the query as asked' "$(json 'a["query"]')" 'artillery shells -museum'
search 0 --json -- artillery --json
same 'a word that looks like an option' "$(json 'a["query"]')" 'artillery --json'

# JSON: the promised members, and the same bytes each time.
search 0 --json --explain 'artillery shells'
same 'format' "$(json 'a["format"]')" 1
cp "$scratch/out" "$scratch/first"
search 0 --json --explain 'artillery shells'
cmp -s "$scratch/out" "$scratch/first" || fail "the same query gave other bytes"
same 'members of a hit' "$(json 'sorted(set("id title source byline url date date_source score rank passages copies explain".split()) - set(a["hits"][0]))')" '[]'
same 'matches cut out of the text' \
	"$(json 'any("shell" in p["text"][b:e].lower() for h in a["hits"] for p in h["passages"] for b, e in p["matches"])')" True
same 'ranks' "$(json '[h["rank"] for h in a["hits"]] == list(range(1, len(a["hits"]) + 1))')" True
same 'scores fall' "$(json 'all(x["score"] >= y["score"] for x, y in zip(a["hits"], a["hits"][1:]))')" True
finger=$(json 'a["fingerprint"]')
run 0 "$bin/nsearch-inspect" -i "$index" --json stats
same 'fingerprints' "$(json 'a["fingerprint"]')" "$finger"

# Copies are folded, listed under their head, and can be kept apart.
search 0 --json -n 100 artillery shells
heads=$(json 'len(a["hits"])')
copies=$(json 'sum(len(h["copies"]) for h in a["hits"])')
[ "$copies" -gt 0 ] || fail "no copies of the agency story"
search 0 --json -n 100 --copies=all artillery shells
same 'articles with copies kept' "$(json 'len(a["hits"])')" $((heads + copies))
search 0 -n 100 artillery shells
out_has 'also in '
search 0 --json -n 100 artillery shells
same 'every copy shows its passage' "$(json 'all(c["passage"]["text"] for h in a["hits"] for c in h["copies"])')" True

# Newest first.
search 0 --json --sort date -n 50 vaccine
same 'dates fall' "$(json '(lambda d: d == sorted(d, reverse=True))([h["date"] for h in a["hits"] if h["date"]])')" True

# Passages.
search 0 --json -p 1 shells
same 'one passage each' "$(json 'max(len(h["passages"]) for h in a["hits"])')" 1
search 0 --json -p 0 shells
same 'headlines only' "$(json 'any("text" in p for h in a["hits"] for p in h["passages"])')" False

# Copies of one story do not crowd the others out, however many there are.
python3 - >"$scratch/many.jsonl" <<'END'
import json
story = "Shells were found in the hold. " + " ".join("Officer %d counted %d shells on deck %d." % (i, i * 7 + 3, i % 5) for i in range(30))
other = "The weather kept the divers away. They spoke of shells on the beach, gulls, %s and tides."
for i in range(320):
    print(json.dumps({"id": "copy%d" % i, "date": "2025-03-11", "title": "Shells in the hold", "text": story}))
for i, word in enumerate(["anchors", "lanterns", "turnips", "violins"]):
    print(json.dumps({"id": "other%d" % i, "date": "2025-03-%02d" % (i * 3 + 1), "title": "On the %s" % word,
                      "text": (other % word) + " " + " ".join("%s%d lay there." % (word, k) for k in range(40))}))
END
run 0 "$bin/nsearch-index" -q -i "$scratch/many" "$scratch/many.jsonl"
run 0 "$bin/nsearch" -i "$scratch/many" --json -n 5 shells
same 'stories' "$(json 'len(a["hits"])')" 5

# Many queries.
printf 'q1\tartillery shells\nq2\tzzxqvyw\n\nvaccine trial\r\nq5\t"unbalanced (quote AND\n' >"$scratch/queries"
search 0 --queries "$scratch/queries" --json --times
same 'answers' "$(json '[x["id"] for x in a]')" "['q1', 'q2', '4', 'q5']"
same 'times' "$(json 'all(x["milliseconds"] >= 0 for x in a)')" True
err_has '^4 queries: mean .* ms, median .* ms, p99 .* ms'
search 0 --queries "$scratch/queries"
out_has '^== q1: artillery shells$'
search 0 --queries "$scratch/queries" --trec tag -n 5
same 'rows that are none' "$(grep -v -c -E '^(q1|4|q5) Q0 [^ ]+ [1-5] -?[0-9.e+-]+ tag$' "$scratch/out")" 0
same 'an article twice' "$(cut -d' ' -f1,3 "$scratch/out" | sort | uniq -d)" ''
same 'rows of q1' "$(grep -c '^q1 ' "$scratch/out")" 5
printf 'q2\tzzxqvyw\n' >"$scratch/queries"
search 1 --queries "$scratch/queries"
: >"$scratch/queries"
search 2 --queries "$scratch/queries"
err_has 'no query in'

# Ordinary text is never an error.
for query in 'artillery AND' 'NOT kim' '"pay a' '((((' 'a* *b *' '-shells' '+' 'title:' 'after:never shells' '^~' 'NEAR/5' \
	'&& || !' "it's" '"' '""' ':' 'NEAR/99999999999 shells'; do
	"$bin/nsearch" -i "$index" -- "$query" >"$scratch/out" 2>"$scratch/err"
	[ $? -le 1 ] || fail "an error for: $query: $(cat "$scratch/err")"
	checks=$((checks + 1))
done
finish 62

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Programs with a list of shards: what each says, with which exit code, and that an article is in one shard and follows its date.
. "${srcdir:?}/tests/cli/lib.sh"
cluster=$scratch/cluster.ini
printf 'timeout = 900 ms\n[north]\nwhere = ./north\n[south]\nwhere = %s/south\n' "$scratch" >"$cluster"
if ! "$bin/nsearch" --version | grep -q xapian; then
	run 2 "$bin/nsearch" -i "$cluster" words
	err_has 'without'
	finish 2
fi

# A list that is wrong says where.
printf '[north]\nwher = ./north\n' >"$scratch/bad.ini"
for program in nsearch nsearch-index; do
	run 2 "$bin/$program" -i "$scratch/bad.ini" "$sample"
	err_has "line 2 of '$scratch/bad.ini': .*'wher'"
done
run 2 "$bin/nsearch-inspect" -i "$scratch/bad.ini" cluster
err_has 'line 2'

run 0 "$bin/nsearch-index" -i "$cluster" "$sample"
out_has ' added, 0 updated'
run 0 "$bin/nsearch-inspect" -i "$cluster" --json cluster
same 'shards' "$(json '[s["name"] for s in a["shards"]]')" "['north', 'south']"
same 'all answer' "$(json 'all(s["answers"] and s["articles"] > 3 for s in a["shards"])')" True
articles=$(json 'a["articles"]')
run 0 "$bin/nsearch-inspect" -i "$cluster" cluster
out_has '^north .* articles'
out_has '^2 shards, '

# The same articles as in one index, once each; the same answers. (Groups may differ: copies of two months can part.)
run 0 "$bin/nsearch-index" -q --engine xapian -i "$scratch/one" "$sample"
run 0 "$bin/nsearch-inspect" -i "$scratch/one" --json stats
same 'articles' "$(json 'a["articles"]')" "$articles"
for query in 'artillery shells' 'dam river' 'after:2025-03 vaccine' '"said on"'; do
	ask() { run 0 "$bin/nsearch" -i "$1" --json --copies all -n 100 "$query"; }
	ask "$scratch/one"
	alone=$(json '[(h["id"], round(h["score"], 6)) for h in sorted(a["hits"], key=lambda h: (-round(h["score"], 6), h["id"]))]')
	ask "$cluster"
	same "answers to $query" \
		"$(json '[(h["id"], round(h["score"], 6)) for h in sorted(a["hits"], key=lambda h: (-round(h["score"], 6), h["id"]))]')" "$alone"
	same 'it is whole' "$(json 'a["partial"]')" False
done

# What inspects and exports an index does so with all shards; rebuilding is of one.
exported() { "$bin/nsearch-export" -q -i "$1" --documents | sort | sed 's/"group":"[0-9a-f]*"/"group"/' >"$2"; }
exported "$cluster" "$scratch/of-all"
exported "$scratch/one" "$scratch/of-one"
same 'exported' "$(wc -l <"$scratch/of-all")" "$articles"
cmp -s "$scratch/of-all" "$scratch/of-one" || fail "exports differ: $(diff "$scratch/of-all" "$scratch/of-one" | head -c 300)"
run 0 "$bin/nsearch-inspect" -i "$cluster" verify
out_has "^sound: $articles articles"
run 0 "$bin/nsearch-inspect" -i "$cluster" --json stats
same 'stats' "$(json 'a["articles"]')" "$articles"
run 2 "$bin/nsearch-rebuild" -i "$cluster"
err_has 'is a list of shards'
run 2 "$bin/nsearch-rebuild" -i "$cluster" --only-damaged
err_has 'is a list of shards'

# Again: nothing is new. With another date an article moves, and is not left behind.
run 0 "$bin/nsearch-index" -i "$cluster" "$sample"
out_has '^0 added, 0 updated'
for month in 01 02 03 04 05 06; do
	printf '{"id": "zwolnik", "title": "A zwolnik", "text": "Nobody knows the zwolnik.", "date": "2025-%s-05"}\n' "$month" >"$scratch/w.jsonl"
	run 0 "$bin/nsearch-index" -q -i "$cluster" "$scratch/w.jsonl"
	run 0 "$bin/nsearch" -i "$cluster" --json --copies all zwolnik
	same 'the zwolnik is there once' "$(json '[(h["id"], h["date"]) for h in a["hits"]]')" "[('zwolnik', '2025-$month-05')]"
done
run 0 "$bin/nsearch-index" -q -i "$cluster" --remove zwolnik
run 1 "$bin/nsearch" -i "$cluster" zwolnik

# Writers of one shard, as on a machine each.
printf '[north]\nwhere = ./n2\n[south]\nwhere = ./s2\n' >"$scratch/two.ini"
run 0 "$bin/nsearch-index" -q -i "$scratch/two.ini" --shard south "$sample"
run 0 "$bin/nsearch-index" -q -i "$scratch/two.ini" --shard north "$sample"
run 0 "$bin/nsearch-inspect" -i "$scratch/two.ini" --json cluster
same 'articles of two runs' "$(json 'a["articles"]')" "$articles"
run 2 "$bin/nsearch-index" -i "$scratch/two.ini" --shard west "$sample"
err_has "no shard 'west'"
run 2 "$bin/nsearch-index" -i "$scratch/one" --shard north "$sample"
run 2 "$bin/nsearch-index" -i "$cluster" --repair "$sample"
run 2 "$bin/nsearch-index" -i "$cluster" -
run 2 "$bin/nsearch-index" -i "$scratch/clutser.ini" "$sample"
err_has 'no file'
[ ! -e "$scratch/clutser.ini" ] || fail 'a misspelt list became an index'

# A shard that is not there: a part of the answer, said in it, with an exit code of its own.
mv "$scratch/south" "$scratch/gone"
run 4 "$bin/nsearch" -i "$cluster" 'artillery shells'
out_has "^partial: shard 'south' does not answer"
run 4 "$bin/nsearch" -i "$cluster" --json 'artillery shells'
same 'which' "$(json '(a["partial"], [s["name"] for s in a["shards"] if not s["answered"]])')" "(True, ['south'])"
run 2 "$bin/nsearch-export" -i "$cluster"
err_has "shard 'south' does not answer"
run 4 "$bin/nsearch-inspect" -i "$cluster" cluster
out_has '^south .*does not answer'
mv "$scratch/north" "$scratch/gone2"
run 2 "$bin/nsearch" -i "$cluster" words
mv "$scratch/gone" "$scratch/south"
mv "$scratch/gone2" "$scratch/north"
run 0 "$bin/nsearch" -i "$cluster" 'artillery shells'
finish 60

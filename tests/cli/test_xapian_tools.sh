#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# An index of the Xapian engine is read by Xapian's own tools: xapian-check finds it sound, also after updates and removals;
# xapian-delve lists it; and a query by its Python module gives our first hit.
. "${srcdir:?}/tests/cli/lib.sh"
"$bin/nsearch" --version | grep -q xapian || { echo 'SKIP: built without Xapian'; exit 77; }
command -v xapian-check >/dev/null && command -v xapian-delve >/dev/null || { echo 'SKIP: xapian-tools is missing'; exit 77; }
python=
for candidate in python3 /usr/bin/python3; do
	[ -n "$python" ] || ! "$candidate" -c 'import xapian' 2>/dev/null || python=$candidate
done

# ours INDEX QUERY: the id of the first hit.
ours() { "$bin/nsearch" -i "$1" --json --first-stage --copies all -n 1 "$2" | python3 -c 'import json, sys; print(json.load(sys.stdin)["hits"][0]["id"])'; }

index=$scratch/index
database=$index/xapian
first=$(ls "$sample" | head -n 3)
for file in $first; do
	run 0 "$bin/nsearch-index" -q --engine xapian -i "$index" "$sample/$file"
done
run 0 "$bin/nsearch-index" -q -i "$index" "$sample"
removed=$(ours "$index" election)
run 0 "$bin/nsearch-index" -q -i "$index" --remove "$removed"
run 0 xapian-check "$database"
out_has 'No errors found'

run 0 "$bin/nsearch-inspect" -i "$index" --json stats
passages=$(json 'a["passages"]')
articles=$(json 'a["articles"]')
run 0 xapian-delve "$database"
out_has "^number of documents = $passages\$"
out_has '^has positional information = true$'
# 'i': the term of an article's id, in its first passage.
run 0 xapian-delve -a -1 "$database"
same 'articles by their ids' "$(grep -c '^i' "$scratch/out")" "$articles"
run 0 xapian-delve -t wmissil "$database"
out_has "Posting List for term 'wmissil'"

[ -n "$python" ] || { echo 'SKIP: python3-xapian is missing'; finish 12; exit 77; }

# The recipe of doc/format.md: terms are 'w' and a stem; the id stands in slot 2 from byte 300 on, 4 bytes before its end.
cat >"$scratch/first.py" <<'END'
import sys
import xapian
database = xapian.Database(sys.argv[2])
stem = xapian.Stem("english")
enquire = xapian.Enquire(database)
enquire.set_weighting_scheme(xapian.BM25Weight(0.9, 0, 0, 0.4, 0))
enquire.set_query(xapian.Query(xapian.Query.OP_OR, ["w" + stem(word.lower()).decode() for word in sys.argv[1].split()]))
best = enquire.get_mset(0, 1)[0].document
article = best.get_value(0)
enquire.set_query(xapian.Query(xapian.Query.OP_VALUE_RANGE, 0, article, article))
ids = [hit.document.get_value(2)[300:-4] for hit in enquire.get_mset(0, database.get_doccount())]
print(b"".join(ids).decode())
END
for query in 'artillery shells' 'reservoir dam' 'vaccine doses' 'copper miners strike'; do
	run 0 "$python" "$scratch/first.py" "$query" "$database"
	same "first hit of '$query'" "$(cat "$scratch/out")" "$(ours "$index" "$query")"
done
finish 20

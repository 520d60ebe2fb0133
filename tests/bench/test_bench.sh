#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The bench program indexes generated passages, its answers are those of an oracle that reads every passage, and the
# files it writes are whole.
set -u
src=$(cd "${srcdir:?}" && pwd)
bench=$PWD/tests/bench/nsearch-bench
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
command -v python3 >/dev/null || { echo 'SKIP: python3 is missing'; exit 77; }
fail() {
	echo "FAIL: $*"
	exit 1
}

inputs() { python3 "$src/tests/bench/inputs.py" "$@"; }
corpus/make_corpus --articles 120 | inputs passages "$work/source.tsv" || fail 'no passages'
"$bench" grow "$work/source.tsv" 800 1 >"$work/p.tsv" || fail 'cannot grow'
"$bench" grow "$work/source.tsv" 800 1 | cmp -s - "$work/p.tsv" || fail 'the same seed grows another corpus'
"$bench" grow "$work/source.tsv" 800 2 | cmp -s - "$work/p.tsv" && fail 'another seed grows the same corpus'
[ "$(wc -l <"$work/p.tsv")" -eq 800 ] || fail 'not 800 passages'
inputs queries "$work/p.tsv" "$work/q.tsv" 40 || fail 'no queries'
"$bench" index "$work/p.tsv" "$work/index" || fail 'cannot index'
"$bench" check "$work/index" "$work/q.tsv" "$work/p.tsv" || fail 'wrong answers'
"$bench" index --threads 3 "$work/p.tsv" "$work/threads" >"$work/log" || fail 'cannot index with threads'
cat "$work"/index/seg-* >"$work/one"
cat "$work"/threads/seg-* | cmp -s - "$work/one" || fail 'several threads make another index'
"$bench" index "$work/source.tsv" "$work/other" >"$work/log" || fail 'cannot index'
"$bench" check "$work/other" "$work/q.tsv" "$work/p.tsv" >"$work/log" && fail 'the check passes an index of other passages'

H_BUDGET=0.01 "$bench" search "$work/index" "$work/q.tsv" "$work/r.tsv" nsearch 2>"$work/log" || fail 'cannot search'
[ "$(wc -l <"$work/q.tsv")" -eq "$(wc -l <"$work/r.tsv")" ] || fail 'not one result a query'
awk -F '\t' 'NF != 7 || $1 != "nsearch" || $4 <= 0 || $5 > $4 || ($2 !~ /^c_/ && $6 > 0 && $7 !~ /^[0-9]+:[0-9.e-]+/) {
	print; bad = 1 } END { exit bad }' "$work/r.tsv" || fail 'a result line is wrong'
"$bench" sizes "$work/index" | awk '$2 != "total" { sum += $1 } $2 == "total" { total = $1 }
	END { exit !(total > 0 && sum == total) }' || fail 'the parts are not the whole'
"$bench" durable "$work/index" "$work/source.tsv" 0 3 >"$work/log" || fail 'cannot add'
"$bench" check "$work/index" "$work/q.tsv" >"$work/log" || fail 'wrong answers after commits'

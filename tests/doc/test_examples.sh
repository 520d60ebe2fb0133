#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The programs of doc/examples do what doc/embedding.md says.
set -eu
examples=$PWD/doc/examples
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

fail() {
	echo "FAIL: $1"
	exit 1
}
# run CODE PROGRAM ARGUMENT...: output in $work/out
run() {
	wanted=$1 code=0
	shift
	"$examples/$@" >out 2>err || code=$?
	[ "$code" = "$wanted" ] || { cat out err; fail "'$*' exits with $code, not $wanted"; }
}

run 0 index_and_search news.index
printf '%s\n' 'bakery: Bakery saved, 2025-03-03' 'ferry: Ferry runs again, 2025-03-01' >wanted
sort out | diff wanted - || fail 'index_and_search finds other articles'
[ "$(head -n 1 out)" = 'ferry: Ferry runs again, 2025-03-01' ] || fail 'the headline with the word is not first'
run 0 index_and_search news.index # once more over what is there: nothing is doubled
sort out | diff wanted - || fail 'a second run finds other articles'

run 0 search news.index 'saved crew'
grep -q '^1\. Bakery saved (Example Times, 2025-03-03)$' out || fail 'search: headline, outlet or date is missing'
grep -q "was \[saved\] by the ferry's \[crew\]" out || fail 'search: the matches are not marked'
run 1 search news.index zebra
run 2 search nowhere.index bakery
grep -q '^search: ' err || fail 'search: no error told'
run 2 search

run 0 threads news.index ferry zebra 'bakery saved' title:ferry
printf '%s\n' 'bakery saved: 1' 'ferry: 2' 'title:ferry: 1' 'zebra: 0' >wanted
LC_ALL=C sort out | diff wanted - || fail 'threads counts otherwise'

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# nsearch-rebuild: the same answers from an index built anew, while searches go on; killed, it leaves the old one.
. "${srcdir:?}/tests/cli/lib.sh"
index=$scratch/index
for part in "$sample"/*; do
	run 0 "$bin/nsearch-index" -q -i "$index" "$part"
done
answers() { # ids, dates, texts: what does not depend on docids
	for query in 'artillery shells' vaccine 'person:kim' '"North Korea"' 'title:copper'; do
		"$bin/nsearch" -i "$index" --json -n 50 -- "$query" | sed -e '/"docid"/d' -e '/"fingerprint"/d'
	done
}
answers >"$scratch/before"
[ -s "$scratch/before" ] || fail "no answers"

# Searches while it is rebuilt again and again: none fails.
(
	while [ ! -e "$scratch/stop" ]; do
		"$bin/nsearch" -i "$index" artillery shells >/dev/null 2>>"$scratch/search.err" || echo failed >>"$scratch/search"
		echo done >>"$scratch/searched"
	done
) &
searcher=$!
for round in 1 2 3 4 5; do
	run 0 "$bin/nsearch-rebuild" -i "$index" --json
	same "articles after rebuild $round" "$(json 'a["articles"] > 40 and a["segments"] == 1')" True
done
touch "$scratch/stop"
wait $searcher
[ ! -e "$scratch/search" ] || fail "searches failed meanwhile: $(cat "$scratch/search.err")"
[ "$(wc -l <"$scratch/searched")" -ge 5 ] || fail "hardly a search was made meanwhile"
answers >"$scratch/after"
cmp -s "$scratch/before" "$scratch/after" || fail "other answers after the rebuild: $(diff "$scratch/before" "$scratch/after" | head -n 5)"
run 0 "$bin/nsearch-inspect" -i "$index" verify

# Killed anywhere, it leaves an index that is sound and answers the same.
delay=1
while [ $delay -le 20 ]; do
	"$bin/nsearch-rebuild" -q -i "$index" >/dev/null 2>&1 &
	pid=$!
	sleep "0.0$(printf %02d $((delay * 3)))"
	kill -KILL $pid 2>/dev/null
	wait $pid 2>/dev/null
	run 0 "$bin/nsearch-inspect" -i "$index" verify
	delay=$((delay + 1))
done
answers >"$scratch/after"
cmp -s "$scratch/before" "$scratch/after" || fail "other answers after killed rebuilds"
run 0 "$bin/nsearch-rebuild" -i "$index"
out_has 'built anew'

# To the other engine and back while searches go on.
if "$bin/nsearch" --version | grep -q xapian; then
	rm -f "$scratch/stop" "$scratch/search" "$scratch/searched"
	(
		while [ ! -e "$scratch/stop" ]; do
			"$bin/nsearch" -i "$index" artillery shells >/dev/null 2>>"$scratch/search.err" || echo failed >>"$scratch/search"
			echo done >>"$scratch/searched"
		done
	) &
	searcher=$!
	for round in 1 2 3; do
		run 0 "$bin/nsearch-rebuild" -q -i "$index" --engine xapian
		run 0 "$bin/nsearch-inspect" -i "$index" --json stats
		same 'the engine' "$(json 'a["engine"]')" xapian
		run 0 "$bin/nsearch-inspect" -i "$index" verify
		answers >"$scratch/after"
		cmp -s "$scratch/before" "$scratch/after" || fail "other answers after a change of engine"
		run 0 "$bin/nsearch-rebuild" -q -i "$index" --engine native
	done
	touch "$scratch/stop"
	wait $searcher
	[ ! -e "$scratch/search" ] || fail "searches failed meanwhile: $(cat "$scratch/search.err")"
	answers >"$scratch/after"
	cmp -s "$scratch/before" "$scratch/after" || fail "other answers after a change of engine and back"
	run 0 "$bin/nsearch-inspect" -i "$index" verify
	left=$(find "$index" -mindepth 1 -maxdepth 1 -not -name 'seg-*' -not -name MANIFEST -not -name LOCK -not -name FILES)
	[ -z "$left" ] || fail "left of the other engine: $left"

	# Killed on its way to the other engine, in either direction, the index is of one engine, sound, and answers.
	delay=1
	while [ $delay -le 16 ]; do
		run 0 "$bin/nsearch-inspect" -i "$index" --json stats
		case $(json 'a["engine"]') in xapian) other=native ;; *) other=xapian ;; esac
		"$bin/nsearch-rebuild" -q -i "$index" --engine $other >/dev/null 2>&1 &
		pid=$!
		sleep "0.0$(printf %02d $((delay * 5)))"
		kill -KILL $pid 2>/dev/null
		wait $pid 2>/dev/null
		run 0 "$bin/nsearch-inspect" -i "$index" verify
		run 0 "$bin/nsearch" -i "$index" artillery shells
		delay=$((delay + 1))
	done
	run 0 "$bin/nsearch-rebuild" -q -i "$index" --engine native
	answers >"$scratch/after"
	cmp -s "$scratch/before" "$scratch/after" || fail "other answers after changes of engine that were killed"
fi
finish 70

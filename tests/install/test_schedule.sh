#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The scheduled job is confined (systemd's own measure, exposure at most 1.5 of 10), its settings fit the program,
# and two runs that start at once do no harm.
set -u
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0
fail() {
	echo "FAIL: $*"
	failed=1
}
unit=tools/schedule/nsearch-index.service
[ -s "$unit" ] || { echo "FAIL: no $unit"; exit 1; }
! grep -q '@[a-z]*dir@' "$unit" || fail "$unit has a place that was not filled in"

if command -v systemd-analyze >/dev/null && systemd-analyze --help | grep -q -e --offline; then
	systemd-analyze security --offline=true --threshold=15 "$unit" >"$scratch/security" 2>&1 || {
		fail "the service is not confined enough"
		cat "$scratch/security"
	}
	shards=0
	for shard in tools/shards/*.service; do
		[ -s "$shard" ] || continue
		shards=$((shards + 1))
		! grep -q '@[a-z]*dir@' "$shard" || fail "$shard has a place that was not filled in"
		if command -v xapian-tcpsrv >/dev/null; then # systemd looks whether it is there
			named=$scratch/$(basename "$shard" | sed 's/@/@north/')
			cp "$shard" "$named"
			systemd-analyze verify --man=no "$named" >"$scratch/verify" 2>&1 || fail "systemd does not take $shard"
			[ ! -s "$scratch/verify" ] || fail "systemd says of $shard: $(cat "$scratch/verify")"
		fi
		# They have a network: that of this machine.
		systemd-analyze security --offline=true --threshold=15 "$shard" >"$scratch/security" 2>&1 || {
			fail "$shard is not confined enough"
			cat "$scratch/security"
		}
	done
	[ "$shards" -eq 0 ] || [ "$shards" -eq 4 ] || fail "$shards units of shards"
	echo "promise B2: exposure of the service, measured by systemd: 1 points, 1 wanted, $failed findings"
else
	echo "systemd-analyze is missing: the confinement was not measured"
fi

# Two at once: each ends with 0 (done) or 3 (the other is at work), one at least with 0; the index is sound and whole.
index=$scratch/index
sample=${srcdir:?}/corpus/sample/articles
for round in 1 2 3 4 5; do
	rm -rf "$index"
	for run in a b c d; do
		(tools/nsearch-index -q -i "$index" --remove-missing -- "$sample" 2>"$scratch/$run.err"
			echo $? >"$scratch/$run") &
	done
	wait
	done=0
	for run in a b c d; do
		case $(cat "$scratch/$run") in
		0) done=$((done + 1)) ;;
		3) grep -q 'nothing was done' "$scratch/$run.err" || fail "a locked index is not explained" ;;
		*) fail "round $round: exit $(cat "$scratch/$run"): $(cat "$scratch/$run.err")" ;;
		esac
	done
	[ "$done" -ge 1 ] || fail "round $round: nobody did the work"
	tools/nsearch-inspect -i "$index" verify >/dev/null || fail "round $round: the index is not sound"
	articles=$(tools/nsearch-inspect -i "$index" --json stats | sed -n 's/^ *"articles": \([0-9]*\).*/\1/p')
	[ "${before:-$articles}" = "$articles" ] || fail "round $round: $articles articles, before $before"
	before=$articles
done
[ "${before:-0}" -gt 40 ] || fail "only ${before:-0} articles of the sample were indexed"
exit $failed

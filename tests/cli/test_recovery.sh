#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What each program says and does on a damaged index, a full disk, a locked or newer index, read-only media; and how
# a run of the schedule puts an index right again.
. "${srcdir:?}/tests/cli/lib.sh"
index=$scratch/index
run 0 "$bin/nsearch-index" -q -i "$index" "$sample"
run 0 "$bin/nsearch-inspect" -i "$index" --json stats
whole=$(json 'a["articles"]')
# Who leads a group of copies, and so whose words idf counts, hangs on the order of arrival, and articles that were read again
# came last. Hence scores are compared roughly, and the order of what is found not at all.
answers() {
	for query in 'artillery shells' vaccine 'person:kim' '"North Korea"' 'title:copper'; do
		"$bin/nsearch" -i "$1" --json --copies all -n 50 -- "$query" | python3 -c '
import json, sys
for hit in sorted(json.load(sys.stdin)["hits"], key=lambda h: h["id"]):
    print("%.9f" % hit["score"], hit["id"], [p["text"] for p in hit["passages"]])'
	done
}
same_answers() { # $scratch/before and $scratch/after
	python3 -c '
import sys
before, after = ([line.split(" ", 1) for line in open(path)] for path in sys.argv[1:])
sys.exit([a[1] for a in after] != [b[1] for b in before] or
         any(abs(float(a[0]) - float(b[0])) > .25 * float(b[0]) for a, b in zip(after, before)))' \
		"$scratch/before" "$scratch/after"
}
answers "$index" >"$scratch/before"
segment=$(cd "$index" && ls seg-* | head -n 1)
# section NAME: where it begins, and damage AT: one byte changed.
damage() {
	python3 - "$1" "$2" <<'PYTHON'
import sys
with open(sys.argv[1], "r+b") as f:
    f.seek(int(sys.argv[2]), 0 if int(sys.argv[2]) >= 0 else 2)
    at = f.tell()
    byte = f.read(1)[0]
    f.seek(at)
    f.write(bytes([byte ^ 0x41]))
PYTHON
}
copy() { # a damaged copy in $scratch/hurt
	rm -rf "$scratch/hurt"
	cp -r "$index" "$scratch/hurt"
}

# A byte in every 64th part of the segment and the manifest: named, mended, and nothing is missing with the sources.
size=$(wc -c <"$index/$segment")
step=$((size / 12))
at=30
lost=0
while [ $at -lt "$size" ]; do
	copy
	damage "$scratch/hurt/$segment" $at
	run 2 "$bin/nsearch-inspect" -i "$scratch/hurt" verify
	err_has "bad checksum in '$segment' section '.*' at [0-9]"
	err_has 'nsearch-rebuild .*--only-damaged'
	"$bin/nsearch-inspect" -i "$scratch/hurt" --json verify >"$scratch/out" 2>/dev/null
	same "the report at $at" "$(json 'a["sound"] is False and a["damaged"] >= 1 and a["articles_whole"] + a["articles_lost"] == '"$whole")" True
	run 0 "$bin/nsearch-rebuild" -i "$scratch/hurt" --json --only-damaged "$sample"
	same "articles after the repair at $at" "$(json 'a["articles"]')" "$whole"
	same "added again at $at" "$(json 'a["added"] == a["repair"]["lost"]')" True
	lost=$((lost + $(json 'a["repair"]["lost"]')))
	err_has 'was damaged and is repaired'
	answers "$scratch/hurt" >"$scratch/after"
	same_answers || fail "other answers after the repair of byte $at"
	run 0 "$bin/nsearch-inspect" -i "$scratch/hurt" verify
	at=$((at + step))
done
[ "$lost" -gt 0 ] || fail "no article was ever lost: the damage was not where texts are"
echo "$lost articles were lost and read again"

# A sound index is left alone.
before=$(ls -l "$index" | grep -v LOCK)
run 0 "$bin/nsearch-rebuild" -i "$index" --only-damaged
out_has 'sound: nothing was done'
same 'a sound index' "$before" "$(ls -l "$index" | grep -v LOCK)"

# Without sources: done, and the exit code says that something is lost.
copy
damage "$scratch/hurt/$segment" $((size - (size + 4099) / 4100 * 4 - 60)) # in the footer
run 1 "$bin/nsearch-rebuild" -i "$scratch/hurt" --only-damaged
err_has "'nsearch-index -i .* PATH...' with the sources brings back"

# The schedule's run heals, says so even when quiet, and finds nothing the second time.
for name in "$segment" MANIFEST; do
	copy
	damage "$scratch/hurt/$name" 40
	run 2 "$bin/nsearch-inspect" -i "$scratch/hurt" verify
	err_has "'$name'"
	run 0 "$bin/nsearch-index" -q -i "$scratch/hurt" --remove-missing --repair "$sample"
	err_has 'was damaged and is repaired'
	run 0 "$bin/nsearch-index" -q -i "$scratch/hurt" --remove-missing --repair "$sample"
	[ ! -s "$scratch/err" ] || fail "a sound index is complained of: $(cat "$scratch/err")"
	answers "$scratch/hurt" >"$scratch/after"
	cmp -s "$scratch/before" "$scratch/after" || fail "other answers after a healing run"
done

# Every program says what is wrong and what to do, and exits with 2.
copy
: >"$scratch/hurt/$segment"
for command in "nsearch -i $scratch/hurt shells" "nsearch-inspect -i $scratch/hurt stats" "nsearch-rebuild -i $scratch/hurt" \
	"nsearch-index -i $scratch/hurt $sample"; do
	run 2 "$bin"/$command
	err_has "size of '$segment' is 0"
	err_has 'only-damaged'
done
copy
rm "$scratch/hurt/$segment"
run 2 "$bin/nsearch" -i "$scratch/hurt" shells
err_has 'a file is missing'
# A manifest that is empty, is no manifest, names other folders, or is of a newer format.
for text in '' 'nonsense' 'nsearch-index	2
engine	native
generation	1
counter	2
file	../../etc/passwd	segment	1	100	00000000	1	1	1	1	1
sum	00000000' ; do
	copy
	printf '%s\n' "$text" >"$scratch/hurt/MANIFEST"
	run 2 "$bin/nsearch" -i "$scratch/hurt" shells
	err_has MANIFEST
done
# Nothing is left of it: no program takes the index for a new one, and the segments tell what they hold.
for how in gone empty nonsense long; do
	copy
	rm "$scratch/hurt/MANIFEST"
	case $how in
	gone) ;;
	empty) : >"$scratch/hurt/MANIFEST" ;;
	nonsense) echo 'this is not the manifest of an index' >"$scratch/hurt/MANIFEST" ;;
	long) truncate -s 1G "$scratch/hurt/MANIFEST" ;;
	esac
	for command in "nsearch -i $scratch/hurt shells" "nsearch-inspect -i $scratch/hurt verify" \
		"nsearch-index -i $scratch/hurt $sample"; do
		run 2 "$bin"/$command
		err_has MANIFEST
		err_has 'only-damaged'
	done
	run 0 "$bin/nsearch-rebuild" -i "$scratch/hurt" --only-damaged "$sample"
	err_has 'is repaired: [1-9][0-9,]* articles kept, 0 lost'
	answers "$scratch/hurt" >"$scratch/after"
	cmp -s "$scratch/before" "$scratch/after" || fail "other answers after a manifest that was $how"
done
copy
sed -i '1s/.*/nsearch-index	999/' "$scratch/hurt/MANIFEST"
run 2 "$bin/nsearch" -i "$scratch/hurt" shells
err_has 'version 999'
run 2 "$bin/nsearch-rebuild" -i "$scratch/hurt" --only-damaged "$sample"
err_has 'version 999'
# A segment of a newer format, and one whose numbers lie the other way round.
for version in 63000000 00000004; do
	copy
	run 0 python3 "$src/tests/cli/other_version.py" "$scratch/hurt" $version
	run 2 "$bin/nsearch" -i "$scratch/hurt" shells
	err_has "version [0-9]* of '$segment' is unknown"
done
copy
truncate -s 1G "$scratch/hurt/MANIFEST"
run 2 "$bin/nsearch" -i "$scratch/hurt" shells
err_has 'bad size'

# A database of Xapian's without a manifest is taken up again.
if "$bin/nsearch" --version | grep -q xapian; then
	run 0 "$bin/nsearch-index" -q -i "$scratch/database" --engine xapian "$sample"
	rm "$scratch/database/MANIFEST"
	run 2 "$bin/nsearch" -i "$scratch/database" shells
	run 0 "$bin/nsearch-index" --json -i "$scratch/database" "$sample"
	same 'all of it is there' "$(json 'a["engine"], a["added"], a["unchanged"] == a["articles"]')" "('xapian', 0, True)"
fi

# Locked: the other's process is named, and nothing is done.
mkfifo "$scratch/pipe"
exec 9<>"$scratch/pipe" # neither end of it waits for the other
"$bin/nsearch-index" -q -i "$index" - <"$scratch/pipe" 2>/dev/null 9>&- &
holder=$!
tries=0
while [ $tries -lt 200 ] && [ "$(cat "$index/LOCK")" != "$holder" ]; do
	sleep 0.05
	tries=$((tries + 1))
done
for command in "nsearch-index -i $index $sample" "nsearch-index --repair -i $index $sample" "nsearch-rebuild -i $index" \
	"nsearch-rebuild -i $index --only-damaged"; do
	run 3 "$bin"/$command
	err_has "written by process $holder"
	err_has 'nothing was done'
done
run 0 "$bin/nsearch" -i "$index" shells
kill -KILL "$holder"
exec 9>&-
wait

# Checked while it is written: sound each time.
cp -r "$index" "$scratch/busy"
( for round in 1 2 3 4; do
	"$bin/nsearch-index" -q --reread -i "$scratch/busy" "$sample" || exit
	"$bin/nsearch-rebuild" -q -i "$scratch/busy" || exit
done ) &
writer=$!
while kill -0 "$writer" 2>/dev/null; do
	run 0 "$bin/nsearch-inspect" -i "$scratch/busy" verify
done
wait "$writer" || fail "the writer of the index that was checked ended with $?"

# Read-only: searching works, writing says why not. root writes everywhere but to read-only media.
readonly_index() {
	run 0 "$bin/nsearch" -i "$1" shells
	run 0 "$bin/nsearch-inspect" -i "$1" verify
	for command in "nsearch-index -i $1 $sample" "nsearch-rebuild -i $1" "nsearch-rebuild -i $1 --only-damaged"; do
		run 2 "$bin"/$command
		err_has "$2"
		err_has 'is as its last commit left it'
	done
}
if [ "$(id -u)" -ne 0 ]; then
	copy
	chmod -R a-w "$scratch/hurt"
	readonly_index "$scratch/hurt" 'Permission denied'
	chmod -R u+w "$scratch/hurt"
elif mkdir "$scratch/media" && mount -t tmpfs -o size=4m tmpfs "$scratch/media" 2>/dev/null; then
	trap 'umount "$scratch/media"; rm -rf "$scratch"' EXIT
	cp -r "$index" "$scratch/media/index"
	mount -o remount,ro "$scratch/media"
	readonly_index "$scratch/media/index" 'Read-only file system'
else
	echo 'run as root and mounting is not allowed: read-only media are not tried'
fi

# A first run that never came to its end leaves an empty index, and a search says so.
run 0 "$bin/nsearch-index" -q -i "$scratch/none" /dev/null
run 1 "$bin/nsearch" -i "$scratch/none" shells
cat "$scratch/err" >>"$scratch/out"
out_has 'the index is empty'

# A file that may not grow stands for a full disk: the old index stays, nothing false is said, and it goes on later.
for blocks in 1 8 64 200; do
	copy
	run 2 sh -c "ulimit -f $blocks; trap '' XFSZ; exec '$bin/nsearch-rebuild' -i '$scratch/hurt'"
	err_has 'cannot write'
	err_has 'is as its last commit left it'
	run 0 "$bin/nsearch-inspect" -i "$scratch/hurt" verify
	answers "$scratch/hurt" >"$scratch/after"
	cmp -s "$scratch/before" "$scratch/after" || fail "other answers after a full disk"
	[ "$(ls "$scratch/hurt" | wc -l)" -eq "$(ls "$index" | wc -l)" ] || fail "left after a full disk: $(ls "$scratch/hurt")"
	run 0 "$bin/nsearch-rebuild" -q -i "$scratch/hurt"
done
finish 150

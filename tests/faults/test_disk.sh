#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The programs themselves on a disk that fails: killed at system calls, calls that fail, a file system that is full. The
# index is then the old one or the new, is sound, and nothing was acknowledged that is not there.
. "${srcdir:?}/tests/cli/lib.sh"
for program in tools/.libs/nsearch-index tools/nsearch-index; do
	if nm "$program" 2>/dev/null | grep -q __asan_init; then
		echo 'SKIP: an instrumented build is not traced'
		exit 77
	fi
done
index=$scratch/index
points=0
disk_points=0
count() { "$bin/nsearch-inspect" -i "$1" --json stats 2>/dev/null | sed -n 's/^ *"articles": \([0-9]*\).*/\1/p'; }
half=$scratch/half
mkdir "$half"
cp "$sample"/*.txt "$half"/ 2>/dev/null || cp -r "$(find "$sample" -mindepth 1 -maxdepth 1 | head -n 1)" "$half"/
run 0 "$bin/nsearch-index" -q -i "$index" "$half"
before=$(count "$index")
cp -r "$index" "$scratch/done"
run 0 "$bin/nsearch-index" -q -i "$scratch/done" "$sample"
after=$(count "$scratch/done")
[ "$before" -gt 0 ] && [ "$after" -gt "$before" ] || fail "nothing to tell apart: $before and $after articles"

# What is left in $scratch/hurt after a run. STATUS 0 means acknowledged.
judge() { # LABEL STATUS
	now=$(count "$scratch/hurt")
	[ "$now" = "$before" ] || [ "$now" = "$after" ] || fail "$1: $now articles, neither $before nor $after"
	[ "$2" -ne 0 ] || [ "$now" = "$after" ] || fail "$1: acknowledged, and $now articles"
	"$bin/nsearch-inspect" -i "$scratch/hurt" verify >/dev/null 2>&1 || fail "$1: the index is not sound"
}

if strace -qq -o /dev/null true 2>/dev/null; then
	# The calls after the program has its options, which are those that write.
	calls='write,pwrite64,fsync,renameat,renameat2,rename,unlinkat,unlink,ftruncate,mkdirat,mkdir,mmap'
	rm -rf "$scratch/hurt"
	cp -r "$index" "$scratch/hurt"
	# the reader's calls touch no index, and one that dies costs its file
	strace -f -qq -o "$scratch/trace" -e trace="$calls" -- "$bin/nsearch-index" --no-sandbox -q -i "$scratch/hurt" "$sample" 2>/dev/null
	[ -z "${NSEARCH_TEST_LONG-}" ] && most=4 || most=1000
	for call in write fsync renameat unlinkat ftruncate pwrite64; do
		total=$(grep -c "[0-9]  *$call(" "$scratch/trace")
		step=$((total / most + 1))
		n=1
		while [ "$n" -le "$total" ]; do
			for how in signal=KILL error=EIO error=ENOSPC; do
				rm -rf "$scratch/hurt"
				cp -r "$index" "$scratch/hurt"
				strace -f -qq -o /dev/null -e trace="$call" -e inject="$call:$how:when=$n" -- "$bin/nsearch-index" --no-sandbox -q \
					-i "$scratch/hurt" "$sample" >/dev/null 2>"$scratch/err"
				judge "$call $n $how" $?
				points=$((points + 1))
			done
			n=$((n + step))
		done
	done
	echo "promise D1: programs stopped or failed at system calls (strace): $points points, 30 wanted, $failed findings"
	[ "$points" -ge 30 ] || fail "only $points system calls were met"
else
	echo 'strace is missing or not allowed: system calls are not stopped'
fi

mkdir "$scratch/small"
if mount -t tmpfs -o size=2m tmpfs "$scratch/small" 2>/dev/null; then
	trap 'umount "$scratch/small"; rm -rf "$scratch"' EXIT
	free=4
	while [ $free -le 400 ]; do # kilobytes left beside the index
		rm -rf "$scratch/small"/*
		cp -r "$index" "$scratch/small/hurt"
		room=$(df -k --output=avail "$scratch/small" | tail -n 1)
		dd if=/dev/zero of="$scratch/small/filler" bs=1k count=$((room - free)) 2>/dev/null
		"$bin/nsearch-index" -q -i "$scratch/small/hurt" "$sample" >/dev/null 2>"$scratch/err"
		status=$?
		rm -rf "$scratch/hurt"
		cp -r "$scratch/small/hurt" "$scratch/hurt"
		judge "$free kB left" $status
		[ $status -eq 0 ] || grep -q 'No space left' "$scratch/err" || fail "$free kB left: $(tail -n 1 "$scratch/err")"
		[ $status -ne 0 ] || full=1
		rm -f "$scratch/small/filler"
		run 0 "$bin/nsearch-index" -q -i "$scratch/small/hurt" "$sample"
		disk_points=$((disk_points + 1))
		free=$((free + 36))
	done
	[ "${full-0}" -eq 1 ] || fail 'the disk was never large enough'
	echo "promise D3: a file system that is full: $disk_points points, 10 wanted, $failed findings"
else
	echo 'mounting is not allowed: no full file system is tried'
fi
[ $((points + disk_points)) -gt 0 ] || { echo 'SKIP: neither strace nor mount'; exit 77; }
finish 2

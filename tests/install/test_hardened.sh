#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The programs and the library are hardened: position independent, read-only relocations bound at start,
# stack canaries, checked string functions, no executable stack; and the library exports nsearch_* only.
set -u
command -v readelf >/dev/null || { echo "readelf is missing"; exit 77; }
failed=0

expect() { # FILE WHAT CONDITION-STATUS
	if [ "$3" -ne 0 ]; then
		echo "FAIL: $1: $2"
		failed=1
	fi
}

built() { # the real file behind a libtool wrapper
	if [ -e "$(dirname "$1")/.libs/$(basename "$1")" ]; then
		echo "$(dirname "$1")/.libs/$(basename "$1")"
	else
		echo "$1"
	fi
}

library=.libs/libnsearch.so
[ -e "$library" ] || { echo "FAIL: no $library"; exit 1; }
symbols=$(readelf -W --dyn-syms "$library")
sanitized=1
echo "$symbols" | grep -q -e __asan_ -e __ubsan_ -e __tsan_ || sanitized=0

count=0
for file in "$library" tools/nsearch tools/nsearch-index tools/nsearch-inspect tools/nsearch-rebuild tools/nsearch-export; do
	file=$(built "$file")
	[ -e "$file" ] || { echo "FAIL: no $file"; failed=1; continue; }
	count=$((count + 1))
	readelf -Wh "$file" | grep -q 'Type: *DYN'
	expect "$file" "not position independent" $?
	readelf -Wl "$file" | grep -q GNU_RELRO
	expect "$file" "relocations stay writable" $?
	readelf -Wd "$file" | grep -q -e BIND_NOW -e 'Flags:.*NOW'
	expect "$file" "symbols are bound late" $?
	readelf -Wl "$file" | grep GNU_STACK | grep -q 'RW '
	expect "$file" "the stack is executable" $?
	! readelf -Wl "$file" | grep LOAD | grep -q RWE
	expect "$file" "memory both writable and executable" $?
	! readelf -Wd "$file" | grep -q TEXTREL
	expect "$file" "code is relocated" $?
	readelf -Ws "$file" | grep -q __stack_chk_fail
	expect "$file" "no stack canary" $?
	if [ "$sanitized" -eq 0 ]; then
		readelf -W --dyn-syms "$file" | grep -q '_chk@'
		expect "$file" "no checked string functions" $?
	fi
done
[ "$count" -eq 6 ] || failed=1

# Symbols that are defined here and seen from outside.
foreign=$(echo "$symbols" | awk '$7 != "UND" && $5 == "GLOBAL" && $4 != "SECTION" && NF == 8 { print $8 }' |
	sed 's/@.*//' | grep -v -e '^nsearch_' -e '^__asan' -e '^__odr_asan' -e '^_init$' -e '^_fini$')
if [ -n "$foreign" ]; then
	echo "FAIL: exported besides nsearch_*:" $foreign
	failed=1
fi
# And all that the header promises is there.
for name in $(sed -n 's/^NSEARCH_API .*[ *]\(nsearch_[a-z_]*\)(.*/\1/p' "${srcdir:?}/src/nsearch.h"); do
	echo "$symbols" | awk '$7 != "UND" { print $8 }' | grep -qx "$name"
	expect "$library" "$name is in nsearch.h, not in the library" $?
done
echo "promise B1: hardened files: $count points, 6 wanted, $failed findings"
exit $failed

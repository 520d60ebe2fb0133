#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The library exports exactly the functions that nsearch.h declares.
set -u
command -v nm >/dev/null || { echo 'SKIP: nm is missing'; exit 77; }
library=.libs/libnsearch.so
[ -e "$library" ] || { echo "FAIL: no $library"; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
nm -D --defined-only "$library" | awk '{ print $3 }' | sed 's/@.*//' | sort >"$work/exported"
tr '\n' ' ' <"${srcdir:?}/src/nsearch.h" | sed 's/;/;\n/g' | grep NSEARCH_API |
	sed -n 's/.*NSEARCH_API[^(]*[ *]\(nsearch_[a-z_]*\)(.*/\1/p' | sort >"$work/declared"
count=$(wc -l <"$work/declared")
echo "$count functions are declared"
diff "$work/declared" "$work/exported" || {
	echo 'FAIL: declared (<) and exported (>) differ'
	exit 1
}
[ "$count" -ge 20 ] || { echo 'FAIL: too few declarations were read'; exit 1; }

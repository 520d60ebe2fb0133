#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The constants that doc/ranking.md states are those of the code; links in the pages lead somewhere.
set -eu
cd "$srcdir"
checked=0 failed=0

for pair in $(grep -o '`NS_[A-Z0-9_]*` [0-9.]*[0-9]' doc/ranking.md | tr -d '`' | tr ' ' '='); do
	name=${pair%%=*} stated=${pair#*=}
	checked=$((checked + 1))
	real=$(grep -rhE "#define $name[[:space:]]" src index | awk '{ print $3; exit }')
	[ "$real" = "$stated" ] || { echo "FAIL: doc/ranking.md says $name is $stated, the code '$real'"; failed=1; }
done
[ "$checked" -ge 6 ] || { echo "FAIL: only $checked constants found in doc/ranking.md"; failed=1; }

links=0
for page in README.md HACKING.md doc/*.md corpus/sample/README.md; do
	for link in $(grep -o '](\([^)#]*\))' "$page" | sed 's/^](//; s/)$//' | grep -v '://' || true); do
		links=$((links + 1))
		[ -e "$(dirname "$page")/$link" ] || { echo "FAIL: $page links to $link, which is not there"; failed=1; }
	done
done
[ "$links" -ge 10 ] || { echo "FAIL: only $links links found"; failed=1; }
# Files that a page names in backquotes.
for name in $(grep -hoE '`(src|corpus|index|tools|tests|doc)/[A-Za-z0-9_./-]*\.(c|h|md|py|sh|tsv)`' README.md HACKING.md doc/*.md | tr -d '`' | sort -u); do
	[ -e "$name" ] || { echo "FAIL: $name is named, but not there"; failed=1; }
done
echo "$checked constants, $links links"
exit "$failed"

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every option of --help is in the manual page, every option of the page is in --help, and the pages are sound.
set -eu
here=$PWD
pages=$srcdir/doc
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
options=0

fail() {
	echo "FAIL: $1"
	exit 1
}

for program in nsearch nsearch-index nsearch-inspect nsearch-rebuild nsearch-export; do
	"$here/tools/$program" --help >"$work/help" || fail "$program --help exits with $?"
	[ -s "$work/help" ] || fail "$program --help says nothing"
	# The list of options: lines that begin with blanks and a dash.
	sed -n 's/^ *\(-[a-zA-Z], \)\{0,1\}--\([a-z-]*\).*/\2/p' "$work/help" | sort -u >"$work/in_help"
	sed -n 's/^\.It Fl \([a-zA-Z] , \)\{0,1\}-\([a-z-]*\).*/\2/p' "$pages/$program.1" | sort -u >"$work/in_page"
	diff "$work/in_help" "$work/in_page" || fail "$program: options of --help (<) and of its page (>) differ"
	options=$((options + $(wc -l <"$work/in_help")))
	# Exit codes that one names and the other does not.
	for code in 0 1 2 3; do
		said=$(sed -n '/^Exit status:/,$p' "$work/help" | grep -c "[ ;]$code " || true)
		told=$(sed -n '/^\.Sh EXIT STATUS/,/^\.Sh EX/p' "$pages/$program.1" | grep -c "^\.It $code" || true)
		[ "$((said > 0))" = "$((told > 0))" ] || fail "$program: exit status $code is in one of --help and page only"
	done
done
[ "$options" -gt 40 ] || fail "only $options options found: has the layout of --help changed?"

if command -v mandoc >/dev/null; then
	mandoc -T lint -W warning "$pages"/*.[137] >"$work/lint" || { cat "$work/lint"; fail 'mandoc has complaints'; }
elif command -v man >/dev/null; then
	for page in "$pages"/*.[137]; do
		LC_ALL=C.UTF-8 MANROFFSEQ='' man --warnings -l "$page" >/dev/null 2>"$work/lint" || { cat "$work/lint"; fail "$page does not format"; }
	done
else
	echo 'neither mandoc nor man: the pages were not formatted'
fi
echo "$options options agree"

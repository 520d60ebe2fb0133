#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The programs read in a confined process, and give the same without: indexes byte by byte, with one thread and many.
. "${srcdir:?}/tests/cli/lib.sh"

for what in corpus/sample tests/fuzz/seeds; do
	for options in '-j 1' '-j 4' '-j 1 --no-sandbox'; do
		rm -rf "$scratch/index"
		# shellcheck disable=SC2086
		tools/nsearch-index $options -v -i "$scratch/index" "$srcdir/$what" >"$scratch/out" 2>"$scratch/err" || fail "$options $what: exit $?"
		rm "$scratch/index/LOCK"
		(cd "$scratch/index" && sha256sum -- *) >"$scratch/sums"
		if [ "$options" = '-j 1' ]; then
			mv "$scratch/sums" "$scratch/wanted"
			mv "$scratch/err" "$scratch/said"
			continue
		fi
		cmp -s "$scratch/sums" "$scratch/wanted" || fail "$options $what: another index"
		cmp -s "$scratch/err" "$scratch/said" || fail "$options $what: other articles are skipped, or for other reasons"
	done
done
cat "$src/corpus/sample/articles/pages/"*.txt | tools/nsearch-inspect --json read - >"$scratch/a" || fail "standard input: exit $?"
cat "$src/corpus/sample/articles/pages/"*.txt | tools/nsearch-inspect --json --no-sandbox read - >"$scratch/b" || fail "standard input: exit $?"
cmp "$scratch/a" "$scratch/b" || fail 'standard input gives other articles'
[ "$(wc -l <"$scratch/a")" -ge 1 ] || fail "standard input gives no article"
[ "$failed" -eq 0 ] && echo "the same indexes with and without"
exit $failed

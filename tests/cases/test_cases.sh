#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The query cases over the sample corpus, with each engine of this build.
set -u
command -v python3 >/dev/null || { echo 'SKIP: python3 is missing'; exit 77; }
src=$(cd "${srcdir:?}" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
engines=native
"$PWD/tools/nsearch-index" -q --engine xapian -i "$work/try" "$src/corpus/sample/articles/feeds" >/dev/null 2>&1 &&
	engines='native xapian'
status=0
for engine in $engines; do
	python3 "$src/tests/cases/cases.py" "$PWD/tools" "$src/corpus/sample" "$work" "$engine" \
		"$src"/tests/cases/*.tsv || status=1
done
exit $status

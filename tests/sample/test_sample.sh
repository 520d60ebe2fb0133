#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The sample corpus answers as its README says.
set -eu
command -v python3 >/dev/null || { echo 'SKIP: python3 is missing'; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
engines=$("$PWD/tools/nsearch" --version | sed -n 's/^engines: //p' | tr -d ,)
[ -n "$engines" ] || { echo 'FAIL: nsearch --version names no engine'; exit 1; }
for engine in $engines; do
	python3 "$srcdir/tests/sample/sample.py" "$PWD/tools" "$srcdir/corpus/sample" "$work" "$engine"
done

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every format that nsearch reads gives its headline, body, date, outlet and credit, bare and packed.
set -eu
command -v python3 >/dev/null || { echo 'SKIP: python3 is missing'; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 "$srcdir/tests/sample/formats.py" "$PWD/tools" "$srcdir/corpus/sample" "$work"

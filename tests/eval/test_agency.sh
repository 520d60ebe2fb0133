#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Files as news agencies send them: each must give its headline, body, date and credit, where it has them. The files are
# shared data ($NSEARCH_SHARED, else ../shared beside the source).
set -u
src=$(cd "${srcdir:?}" && pwd)
shared=${NSEARCH_SHARED-$src/../shared}
files=$shared/data/feeds/agency-formats.tar.xz
command -v python3 >/dev/null || { echo 'SKIP: python3 is missing'; exit 77; }
command -v xz >/dev/null || { echo 'SKIP: xz is missing'; exit 77; }
[ -r "$files" ] || { echo "SKIP: no shared data at $shared"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
xz -dc "$files" | tar xf - -C "$work" || exit 1
tools/nsearch-inspect --json read "$work/agency-formats" >"$work/read" 2>"$work/errors"
python3 "$src/tests/eval/agency.py" "$work/agency-formats" "$work/read"

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Whole answers are the same from a native index, a Xapian database, and two and four shards in folders and behind servers: 570
# queries of every kind, 10,000 with NSEARCH_TEST_LONG=1.
export PYTHONDONTWRITEBYTECODE=1
command -v python3 >/dev/null || { echo 'SKIP: python3 is missing'; exit 77; }
tools/nsearch --version | grep -q xapian || { echo 'SKIP: a build without Xapian'; exit 77; }
queries=570
. "${srcdir:?}/tests/support/instrumented.sh"
! is_instrumented || queries=150 # the plain build asks them all
[ -z "${NSEARCH_TEST_LONG:-}" ] || queries=10000
exec python3 "${srcdir:?}/tests/cluster/answers.py" "$srcdir/corpus/sample/articles" "$queries"

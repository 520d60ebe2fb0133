#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A shard by ssh.
export PYTHONDONTWRITEBYTECODE=1
command -v python3 >/dev/null || { echo 'SKIP: python3 is missing'; exit 77; }
tools/nsearch --version | grep -q xapian || { echo 'SKIP: a build without Xapian'; exit 77; }
# it waits for ssh most of the time, and for a server at the other end of a pipe as the others do for theirs
. "${srcdir:?}/tests/support/instrumented.sh"
is_instrumented && { echo 'SKIP: too slow with sanitizers'; exit 77; }
exec python3 "${srcdir:?}/tests/cluster/ssh.py" "$srcdir/corpus/sample/articles"

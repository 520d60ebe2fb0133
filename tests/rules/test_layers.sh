#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Who may include whom: the table at the end of doc/architecture.md.
command -v python3 >/dev/null || { echo 'SKIP: python3 is missing'; exit 77; }
exec python3 "${srcdir:?}/tests/rules/layers.py" "$srcdir"

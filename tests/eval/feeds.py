#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares the entries that nsearch read with those that libxml2 finds by itself.

feeds.py COUNTS READ: COUNTS from count_entries, READ from 'nsearch-inspect --json read'. An entry without any title or
text is no article; the rest must all be read, by file. Exit 1 below 98 in 100."""
import collections
import json
import sys

read = collections.Counter()
for line in open(sys.argv[2], encoding='utf-8'):
    row = json.loads(line)
    if 'title' in row:
        read[row['origin']] += 1
total = collections.Counter()
for line in open(sys.argv[1], encoding='utf-8'):
    path, _, filled, kind = line.rstrip('\n').split('\t')
    filled = int(filled)
    got = min(read[path], filled)
    total[kind, 'entries'] += filled
    total[kind, 'read'] += got
    total[kind, 'files'] += 1
    total[kind, 'more'] += read[path] > filled
    if got < filled:
        print(f'{kind}-formed: {got} of {filled}: {path}')
worst = 1.0
for kind in ('well', 'ill'):
    entries, got = total[kind, 'entries'], total[kind, 'read']
    share = got / entries if entries else 1.0
    worst = min(worst, share)
    print(f'{kind}-formed: {total[kind, "files"]} files, {got} of {entries} entries ({share:.4f}); '
          f'more than libxml2 in {total[kind, "more"]} files')
sys.exit(worst < 0.98 or not total['well', 'entries'])

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Looks at every text file of a folder of agencies' formats: headline, body, date and credit, where the file has them.

agency.py FOLDER READ: READ from 'nsearch-inspect --json read FOLDER'. What a file has is told apart from nsearch, by the
names that the formats give these things and a value behind them. Every field that is missing although the file has it
counts as lost; every file without an article, or without a field, is listed with the reason. Exit 1 when anything is lost."""
import collections
import json
import os
import re
import sys

folder, read = sys.argv[1], sys.argv[2]
HAS = {  # in XML and JSON; the formats for wires always have them
    'title': r'<hl1[^>]*>\s*[^<\s]|<(?:\w+:)?[Hh]ead[Ll]ine[^>/]*>\s*(?:<!\[CDATA\[)?\s*[^<\s\]]|<title[^>]*>\s*(?:<!\[CDATA\[)?\s*[^<\s\]]'
             r'|"(?:headline|title)"\s*:\s*"\s*[^"\s]',
    'date': r'norm="\d{4}|(?:[cC]reated|[mM]odified|[pP]ublish(?:ed|Date)|pubDate|updated|DateId)>\s*\w|"(?:version|first)created"\s*:\s*"\d',
    'credit': r'holder="[^"]|<distributor>\s*\w|<(?:\w+:)?(?:creditline|CreditLine|origin)(?: [^>]*)?>\s*\S|regsrc="[^"]|<(?:\w+:)?provider [^>]*literal="[^"]'
              r'|<rights.owner>|<Provider>\s*<Party|src-name="[^"]|"(?:provider|creditline|copyrightholder)"\s*:\s*"[^"]',
    'paragraphs': r'<(?:\w+:)?(?:p|P|pre|tr|block)[ >]|&lt;[pP]&gt;|<(?:\w+:)?(?:content|encoded)[ >]|"body_(?:text|html|xhtml)"\s*:\s*"',
}
WHY = [  # of a file without an article: what it is instead
    (r'^\xff\xd8|^ID3', 'not text'),
    (r'<(?:\w+:)?packageItem', 'a package: names of other items'),
    (r'"type"\s*:\s*"(?:picture|video|graphic|audio)"|icls:(?:picture|video|graphic|audio)|ninat:(?:picture|video)', 'a picture or video'),
    (r'<results>\s*<result>', 'a list of identifiers'),
    (r'"requests"\s*:', 'not news: answers for a test'),
    (r'Delivered-To:|^Received:', 'mail: it has a sender and no credit'),
]
articles = collections.defaultdict(list)
for line in open(read, encoding='utf-8'):
    row = json.loads(line)
    if 'title' in row:
        articles[os.path.basename(row['origin'])].append(row)
total = collections.Counter()
for name in sorted(os.listdir(folder)):
    raw = open(os.path.join(folder, name), 'rb').read()
    text = raw.decode('utf-8', 'replace')
    text = re.sub(r'<!--.*?-->', '', text, flags=re.S)
    if raw[:3] in (b'\xff\xd8\xff', b'ID3'):
        continue
    total['files'] += 1
    wire = raw.lstrip(b'\x16')[:1] == b'\x01'
    has = {field: wire or bool(re.search(pattern, text)) for field, pattern in HAS.items()}
    found = articles.get(name, [])
    reason = next((why for pattern, why in WHY if re.search(pattern, text, re.M)), None)
    if not found:
        lost = not reason and has['paragraphs'] and has['title']
        total['lost'] += lost
        total['no article'] += 1
        print(f'{"LOST" if lost else "none"}: {name}: {reason or "neither headline nor text in the file"}')
        continue
    missing = [field for field in HAS if not any(a[field] for a in found)]
    if not missing:
        total['whole'] += 1
        continue
    lost = [field for field in missing if has[field] and not reason]
    total['lost'] += bool(lost)
    total['in part'] += 1
    print(f'{"LOST" if lost else "part"}: {name}: no {", ".join(missing)}: ' +
          (f'but the file has {", ".join(lost)}' if lost else reason or 'the file has none'))
print(f'{total["files"]} text files: {total["whole"]} with headline, body, date and credit; {total["in part"]} where the '
      f'file lacks some; {total["no article"]} that hold no article; {total["lost"]} lost')
sys.exit(total['lost'] > 0 or not total['whole'])

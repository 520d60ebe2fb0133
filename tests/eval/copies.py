#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Measures groups of copies against planted ones: copies.py GOLD ARTICLES.jsonl <'nsearch-inspect --json groups'.

GOLD has 'id TAB group' lines (plant_copies.py). Recall is over all pairs of planted siblings. Precision is over pairs that were
folded and have a planted article in them; such a pair that was not planted is left out of account when the articles as
they were written are near-copies themselves, by an exact check: three tenths or more of the shorter one's runs of three words
stand in the other too. How many those are is said. Exit 1 when precision is below .98 or recall below .95.
"""
import json
import re
import sys
from collections import defaultdict
from functools import lru_cache


def main(gold_path, articles_path):
    gold = dict(line.rstrip("\n").split("\t") for line in open(gold_path, encoding="utf-8"))
    texts = {}
    for line in open(articles_path, encoding="utf-8"):
        article = json.loads(line)
        texts[article["id"]] = article["text"]

    @lru_cache(None)
    def runs(name):
        words = re.findall(r"\w+", texts[name].lower())
        return frozenset(tuple(words[i:i + 3]) for i in range(len(words) - 2))

    def near(a, b):
        least = min(len(runs(a)), len(runs(b)))
        return least and len(runs(a) & runs(b)) >= .3 * least

    sizes = defaultdict(int)
    for group in gold.values():
        sizes[group] += 1
    planted = sum(n * (n - 1) // 2 for n in sizes.values())
    true = false = ignored = 0
    for group in json.load(sys.stdin)["groups"]:
        names = [a["id"] for a in group["articles"]]
        for i, a in enumerate(names):
            for b in names[:i]:
                if a not in gold and b not in gold:
                    continue
                x, y = gold.get(a, a), gold.get(b, b)
                if x == y:
                    true += 1
                elif near(x, y):
                    ignored += 1
                else:
                    false += 1
    precision, recall = true / max(1, true + false), true / max(1, planted)
    print("%d planted pairs: recall %.3f, precision %.3f (%d of %d); %d pairs of natural near-copies left out"
          % (planted, recall, precision, true, true + false, ignored))
    return precision < .98 or recall < .95


sys.exit(main(*sys.argv[1:]))

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The baseline of the judged sets: BM25 (k1 .9, b .4) over whole articles, no stemming, nothing else.

    plain_bm25.py DOCS.jsonl QUERIES.tsv > RUN
"""
import json
import math
import re
import sys
from collections import Counter, defaultdict

WORD = re.compile(r"[^\W_]+")
K1, B, DEPTH = 0.9, 0.4, 1000


def words(text):
    return Counter(WORD.findall(text.lower()))


def main(docs, queries):
    postings, lengths, ids = defaultdict(list), [], []
    with open(docs, encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            counts = words(row.get("title", "") + " " + row["text"])
            for word, count in counts.items():
                postings[word].append((len(ids), count))
            lengths.append(sum(counts.values()))
            ids.append(row["id"])
    total, average = len(ids), sum(lengths) / len(ids)
    with open(queries, encoding="utf-8") as lines:
        for line in lines:
            query, text = line.rstrip("\n").split("\t", 1)
            scores = defaultdict(float)
            for word, count in words(text).items():
                holders = postings.get(word, [])
                idf = math.log(1 + (total - len(holders) + 0.5) / (len(holders) + 0.5))
                for doc, tf in holders:
                    norm = K1 * (1 - B + B * lengths[doc] / average)
                    scores[doc] += count * idf * tf * (K1 + 1) / (tf + norm)
            ranked = sorted(scores.items(), key=lambda hit: (-hit[1], hit[0]))[:DEPTH]
            for rank, (doc, score) in enumerate(ranked, 1):
                print(query, "Q0", ids[doc], rank, f"{score:.6f}", "plain")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])

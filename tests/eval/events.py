#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Pairwise F1 of 'same event': events.py ARTICLES.jsonl FIELD PAIRS ARTICLES.jsonl FIELD PAIRS

For each of two sets: the articles with their gold label in FIELD (those without one are left out), and what event_pairs
printed. Prints F1 at the built-in limit and at the limit that the other set would choose: the middle one of those whose
F1 there is within NOISE of the best, which is what one pair in some hundred makes.
"""
import json
import sys
from itertools import combinations


def read(articles, field, pairs):
    label = {}
    for line in open(articles, encoding="utf-8"):
        article = json.loads(line)
        if article.get(field):
            label[article["id"]] = article[field]
    scored, limit = [], None
    for line in open(pairs, encoding="utf-8"):
        if line.startswith("# "):
            limit = float(line[2:])
            continue
        a, b, likeness = line.rstrip("\n").split("\t")
        if a in label and b in label:
            scored.append((float(likeness), label[a] == label[b]))
    positive = sum(label[a] == label[b] for a, b in combinations(label, 2))
    return scored, positive, limit


def f1(scored, positive, limit):
    above = [same for likeness, same in scored if likeness >= limit]
    return 2 * sum(above) / (positive + len(above))


NOISE = .002


def chosen(scored, positive):
    limits = [x / 100 for x in range(10, 61)]
    values = [f1(scored, positive, limit) for limit in limits]
    good = [limit for limit, value in zip(limits, values) if value >= max(values) - NOISE]
    return good[len(good) // 2]


def main(*arguments):
    sets = [read(*arguments[:3]), read(*arguments[3:])]
    choices = [chosen(scored, positive) for scored, positive, _ in sets]
    failed = False
    for i, goal in enumerate((.80, .85)):
        scored, positive, limit = sets[i]
        own, other = f1(scored, positive, limit), f1(scored, positive, choices[1 - i])
        print("%s: F1 %.3f at the built-in limit %.2f, %.3f at %.2f, which the other set chooses"
              % (arguments[3 * i].rsplit("/", 1)[-1], own, limit, other, choices[1 - i]))
        failed |= own < goal or other < goal
    return failed


sys.exit(main(*sys.argv[1:]))

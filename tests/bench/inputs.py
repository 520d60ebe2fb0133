#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Passages and queries for nsearch-bench, where no others are at hand.

    inputs.py passages OUT.tsv < articles.jsonl     id, title, text; about 120 words a passage
    inputs.py queries PASSAGES.tsv OUT.tsv [EACH]   class, id, words; seeded, the same for the same passages

The title stands in an article's first passage only. Queries are drawn from the passages: 'or' of one to four words,
'and' of two to four words of one passage, 'phrase' of two to four words that follow each other, 'head' of a whole title;
the first three once more as counts."""
import json
import random
import re
import sys

WORDS = 120
SENTENCE = re.compile(r'(?<=[.!?]["\')\]\u201d]) +|(?<=[.!?]) +')
WORD = re.compile(r"[a-z0-9]+")
RUN = re.compile(r"[A-Za-z]+(?: [A-Za-z]+)+")
STOP = set("a an and are as at be but by for from had has have he her his i in is it its not of on or she that the "
           "their they this to was we were which who will with you would said been after more about".split())


def cut(text):
    """Runs of whole sentences of about WORDS words."""
    out, held, count = [], [], 0
    for sentence in SENTENCE.split(" ".join(text.split())):
        n = sentence.count(" ") + 1
        if count and count + n > WORDS:
            out.append(" ".join(held))
            held, count = [], 0
        held.append(sentence)
        count += n
    return out + [" ".join(held)]


def passages(path):
    with open(path, "w", encoding="utf-8") as out:
        for line in sys.stdin:
            article = json.loads(line)
            title = " ".join(article.get("title", "").split())
            for i, text in enumerate(cut(article.get("text", ""))):
                out.write(f"{article['id']}#{i}\t{'' if i else title}\t{text}\n")


def some_lines(path, r, count):
    """Lines at places that a seed decides."""
    lines = []
    with open(path, "rb") as file:
        size = file.seek(0, 2)
        for _ in range(count):
            file.seek(r.randrange(size))
            file.readline()
            line = file.readline() or (file.seek(0), file.readline())[1]
            lines.append(line.decode("utf-8", "replace").rstrip("\n").split("\t"))
    return lines


def queries(path, out_path, each):
    r = random.Random(7)
    found = {"or": set(), "and": set(), "phrase": set(), "head": set()}
    for _, title, text in some_lines(path, r, each * 30):
        heading = tuple(dict.fromkeys(WORD.findall(title.lower())))
        words = [w for w in dict.fromkeys(WORD.findall(text.lower())) if w not in STOP and len(w) > 2]
        run = RUN.findall(text)
        run = r.choice(run).lower().split() if run else []
        n, m = r.randint(1, 4), r.randint(2, 4)
        if 5 <= len(heading) <= 20 and len(found["head"]) < each:
            found["head"].add(heading)
        if len(words) >= 4 and len(found["or"]) < each:
            found["or"].add(tuple(r.sample(words, n)))
        if len(words) >= 4 and len(found["and"]) < each:
            found["and"].add(tuple(r.sample(words, m)))
        if len(run) >= m and run[0] not in STOP and run[m - 1] not in STOP and len(found["phrase"]) < each:
            found["phrase"].add(tuple(run[:m]))
    with open(out_path, "w", encoding="utf-8") as out:
        for prefix, classes in (("", ("or", "and", "phrase", "head")), ("c_", ("or", "and", "phrase"))):
            for name in classes:
                for i, words in enumerate(sorted(found[name])):
                    out.write(f"{prefix}{name}\t{i}\t{' '.join(words)}\n")


if __name__ == "__main__":
    if sys.argv[1] == "passages":
        passages(sys.argv[2])
    else:
        queries(sys.argv[2], sys.argv[3], int(sys.argv[4]) if len(sys.argv) > 4 else 500)

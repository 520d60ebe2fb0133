#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes queries of every kind from the articles' own words: id<TAB>query lines.

usage: nsearch-inspect --json read PATH | make_queries.py COUNT SEED
"""
import json
import random
import re
import sys

count, seed = int(sys.argv[1]), int(sys.argv[2])
draw = random.Random(seed)
texts, titles, sources, dates = [], [], [], []
for line in sys.stdin:
    article = json.loads(line)
    texts += [re.findall(r"\w+(?:[-'’]\w+)*", p) for p in article["paragraphs"]]
    titles.append(re.findall(r"\w+", article["title"]))
    sources += article["source"].split()
    dates.append(article["date"][:draw.choice((4, 7, 10))])
texts = [t for t in texts if len(t) > 8]
titles = [t for t in titles if t]
dates = [d for d in dates if d] or ["2025"]
sources_words = [[s] for s in sources]


def run(most, of=None):
    words = draw.choice(of or texts)
    n = min(draw.randint(1, most), len(words))
    at = draw.randint(0, len(words) - n)
    return " ".join(words[at:at + n])


def word():
    return run(1)


KINDS = [
    lambda: run(4), lambda: run(6), lambda: "%s %s" % (word(), word()), lambda: run(5, titles),
    lambda: '"%s"' % run(3), lambda: "+%s %s" % (word(), run(2)), lambda: "%s -%s" % (run(3), word()),
    lambda: "%s OR %s" % (word(), word()), lambda: "%s AND %s" % (word(), word()),
    lambda: "%s NEAR/%d %s" % (word(), draw.randint(1, 9), word()), lambda: "%s*" % word()[:4],
    lambda: "title:%s" % run(1, titles), lambda: 'title:"%s" %s' % (run(2, titles), word()),
    lambda: "%s source:%s" % (run(2), draw.choice(sources)), lambda: "NOT %s" % word(),
    lambda: "%s date:%s" % (run(3), draw.choice(dates)), lambda: "%s after:%s" % (word(), draw.choice(dates)),
    lambda: "(%s OR %s) AND NOT %s" % (word(), word(), word()), lambda: "place:%s" % word(),
    lambda: "%s w/%d %s" % (word(), draw.randint(1, 9), word()), lambda: "%s pre/%d %s" % (word(), draw.randint(1, 9), word()),
    lambda: "%s /s %s" % (word(), word()), lambda: "(%s OR %s*) /p %s" % (word(), word()[:4], word()),
    lambda: "atleast%d(%s)" % (draw.randint(2, 4), word()), lambda: "hlead:(%s)" % run(2), lambda: "case:%s %s" % (word(), word()),
    lambda: 'said:"%s"' % run(2), lambda: "said:(%s OR %s)" % (word(), word()), lambda: "speaker:%s" % run(1, titles),
    lambda: "by:%s" % word(), lambda: "person:%s %s" % (word(), word()), lambda: "org:%s" % word(),
    lambda: "%s before:%s" % (run(2), draw.choice(dates)), lambda: "%s date:%s..%s" % ((word(),) + tuple(sorted(draw.choices(dates, k=2)))),
    lambda: "date:%s" % draw.choice(dates), lambda: "source:%s -%s" % (draw.choice(sources), word()), lambda: run(1, sources_words),
]
for i in range(count):
    print("q%d\t%s" % (i, KINDS[i % len(KINDS)]()))

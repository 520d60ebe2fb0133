#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Plants edited copies among real articles: plant_copies.py SEED COUNT GOLD IN.jsonl... >OUT.jsonl

Of COUNT articles (the same number from each input) with 60 words or more, one to five copies are made. A copy goes through
one to three of: the tail cut (a tenth to four tenths), a new headline and opening sentence (before the old one, or in its place
where there are five sentences or more), a paragraph of another article added (up to three tenths of the words), sentences put into
another order, words changed (always the last step where it is chosen: 2 to 30 % of them, a third left out, the
others replaced by words of other articles). It has an outlet of its own and the date of the original, up to five
days more, or none (one in five). All articles are written in a random order. GOLD gets 'id TAB group' lines for
the originals and their copies.
"""
import json
import random
import re
import sys


def sentences_of(text):
    return [s for s in re.split(r"(?<=[.!?])\s+", re.sub(r"\s+", " ", text)) if s]


def words_of(sentences):
    return sum(len(s.split()) for s in sentences)


def cut_tail(dice, sentences, _):
    least, count = dice.uniform(.6, .9) * words_of(sentences), 1
    while words_of(sentences[:count]) < least:
        count += 1
    return sentences[:count]


def new_head(dice, sentences, other):
    opening = " ".join(other[0].split()[:20]) + "."
    return [opening] + sentences[1 if len(sentences) >= 5 else 0:]


def add_paragraph(dice, sentences, other):
    begin, at = dice.randrange(max(1, len(other) - 3)), dice.randrange(len(sentences) + 1)
    words = " ".join(other[begin:begin + 4]).split()[:words_of(sentences) * 3 // 10]
    return sentences[:at] + [" ".join(words)] + sentences[at:]


def reorder(dice, sentences, _):
    blocks = [sentences[i:i + 2] for i in range(0, len(sentences), 2)]
    dice.shuffle(blocks)
    return [s for b in blocks for s in b]


def change_words(dice, text, vocabulary):
    share, out = dice.uniform(.02, .30), []
    for word in text.split(" "):
        if dice.random() >= share:
            out.append(word)
        elif dice.random() >= 1 / 3:
            out.append(dice.choice(vocabulary))
    return " ".join(out)


def shifted(dice, date):
    if dice.random() < .2 or len(date) < 10:
        return ""
    year, month, day = int(date[:4]), int(date[5:7]), int(date[8:10])
    return "%04d-%02d-%02d" % (year, month, min(28, day + dice.randint(0, 5)) if day < 28 else day)


def make_copy(dice, article, other, vocabulary, number):
    copy = {"id": "%s#%d" % (article["id"], number), "title": article.get("title", ""),
            "source": "Outlet %d" % dice.randrange(500), "date": shifted(dice, article.get("date", ""))}
    sentences, strange = sentences_of(article["text"]), sentences_of(other["text"])
    steps = dice.sample([cut_tail, new_head, add_paragraph, reorder, change_words], dice.randint(1, 3))
    for step in steps:
        if step != change_words:
            sentences = step(dice, sentences, strange)
        if step == new_head:
            copy["title"] = other.get("title", "")
    paragraphs = [" ".join(sentences[i:i + 3]) for i in range(0, len(sentences), 3)]
    if change_words in steps:
        paragraphs = [change_words(dice, p, vocabulary) for p in paragraphs]
        copy["title"] = change_words(dice, copy["title"], vocabulary)
    copy["text"] = "\n".join(paragraphs)
    return copy


def main(seed, count, gold_path, *inputs):
    dice = random.Random(int(seed))
    everything = []
    with open(gold_path, "w", encoding="utf-8") as gold:
        for path in inputs:
            with open(path, encoding="utf-8") as lines:
                articles = [json.loads(line) for line in lines]
            everything += articles
            long_enough = [a for a in articles if len(a["text"].split()) >= 60]
            words = [w for a in dice.sample(articles, min(500, len(articles))) for w in a["text"].split()]
            chosen = dice.sample(long_enough, int(count) // len(inputs))
            for article in chosen:
                gold.write("%s\t%s\n" % (article["id"], article["id"]))
                for number in range(1, dice.randint(1, 5) + 1):
                    other = dice.choice(long_enough)
                    copy = make_copy(dice, article, other, words, number)
                    gold.write("%s\t%s\n" % (copy["id"], article["id"]))
                    everything.append(copy)
    dice.shuffle(everything)
    for article in everything:
        print(json.dumps({k: article.get(k, "") for k in ("id", "title", "source", "date", "text")}))


main(*sys.argv[1:])

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""How well names are found.

    names.py marked NSEARCH-INSPECT MARKED SAMPLE.tsv SAMPLE-FOLDER [FOLDER]
        mentions in texts that were marked by hand: right when text, place and type agree. Prints precision, recall and F1
        by type, for every second text and for the others (rules are made with an eye on the first half only). With
        FOLDER, what differs in the first half is written to FOLDER/differences.
    names.py tags NSEARCH-INSPECT ARTICLES.jsonl
        people, places and organisations that editors tagged ("people", "places", "orgs" in each line): the share of tags of
        which the article is found to hold the name.

The rule for tags. Hyphens of a tag part words. A tagged person is found when the last word of the tag is a word of the
name of a person. A tagged place is found when a place has its words as its name, when a people of it is named, or when a place lies
within it. A tagged organisation is found when an organisation has its words as its name or as letters that stand for it.
Only tags for which ALIASES gives another name are looked up under that. Tags say what an article is about, so some of
their names stand nowhere in it: of such tags none is found.
"""
import collections
import json
import os
import re
import subprocess
import sys
import tempfile
import unicodedata

TYPES = {"P": "person", "L": "place", "O": "org"}

# Codes of the tags, and names that have changed since 1987.
ALIASES = {
    "usa": ["united states"], "uk": ["united kingdom"], "uae": ["united arab emirates"], "ussr": ["soviet union", "russia"],
    "west-germany": ["west germany", "germany"], "east-germany": ["east germany", "germany"],
    "burma": ["myanmar"], "kampuchea": ["cambodia"], "zaire": ["democratic republic of the congo"],
    "yemen-arab-republic": ["yemen"], "yemen-demo-republic": ["yemen"], "czechoslovakia": ["czechoslovakia", "czech republic"],
    "ec": ["european union", "european community", "european commission"], "worldbank": ["world bank"],
    "imf": ["international monetary fund"], "opec": ["organization of petroleum exporting countries"],
    "gatt": ["general agreement on tariffs and trade"], "oecd": ["organization for economic cooperation and development"],
    "unctad": ["united nations conference on trade and development"], "un": ["united nations"],
    "ico-coffee": ["international coffee organization"], "icco": ["international cocoa organization"],
    "itc": ["international tin council"], "iea": ["international energy agency"],
    "fao": ["food and agriculture organization"], "adb-africa": ["african development bank"],
    "adb-asia": ["asian development bank"], "inro": ["international natural rubber organization"],
    "iwc-wheat": ["international wheat council"], "eib": ["european investment bank"],
    "bis": ["bank for international settlements"], "gcc": ["gulf cooperation council"],
    "atpc": ["association of tin producing countries"], "isa": ["international sugar agreement", "international sugar organization"],
    "oapec": ["organization of arab petroleum exporting countries"], "imco": ["international maritime organization"],
    "ida": ["international development association"], "iwcc": ["international wrought copper council"],
    "asean": ["association of southeast asian nations", "asean"], "efta": ["european free trade association"],
}


def fold(text):
    plain = unicodedata.normalize("NFKD", text)
    return re.sub(r"[^a-z0-9]+", " ", "".join(c for c in plain if not unicodedata.combining(c)).lower()).strip()


def inspect(program, path):
    done = subprocess.run([program, "--json", "read", path], capture_output=True, text=True, check=False)
    for line in done.stdout.splitlines():
        yield json.loads(line)


# ---------------------------------------------------------------- marked texts

def read_marked(path):
    """(id, title, paragraphs, mentions) with mentions as {(paragraph, start, end): type}."""
    texts, current = [], None
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            line = line.rstrip("\n")
            if line.startswith("## "):
                current = [line[3:], None, [], {}]
                texts.append(current)
            elif current and line.strip():
                plain, paragraph = "", -1 if current[1] is None else len(current[2])
                for piece in re.split(r"(\[[PLO] [^]]*\])", line):
                    marked = re.fullmatch(r"\[([PLO]) (.*)\]", piece)
                    if marked:
                        start = len(plain)
                        plain += marked.group(2)
                        current[3][(paragraph, start, len(plain))] = TYPES[marked.group(1)]
                    else:
                        plain += piece
                if current[1] is None:
                    current[1] = "" if plain == "-" else plain
                else:
                    current[2].append(plain)
    return texts


def mark_by_list(articles, path):
    """The same for articles as read, whose names a list gives."""
    everywhere, by_id = {}, collections.defaultdict(dict)
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            fields = line.rstrip("\n").split("\t")
            if line.startswith("#") or len(fields) < 2:
                continue
            if len(fields) == 3:
                by_id[fields[0]][fields[1]] = fields[2]
            else:
                everywhere[fields[0]] = fields[1]
    for article in articles:
        names = dict(everywhere)
        for ending, own in by_id.items():
            if article["id"].endswith(ending):
                names.update(own)
        either = "|".join(re.escape(n) for n in sorted(names, key=len, reverse=True))
        found = {}
        for i, text in enumerate([article["title"]] + article["paragraphs"]):
            for m in re.finditer(r"(?<!\w)(?:%s)(?!\w)" % either, text):
                if names[m.group()] != "none":
                    found[(i - 1, m.start(), m.end())] = names[m.group()]
        yield article["id"], article["title"], article["paragraphs"], found


def mentions_of(article):
    return {(e["paragraph"], e["start"], e["end"]): e["type"] for e in article["entities"]
            if e["type"] in TYPES.values() and e["paragraph"] > -2}


def print_table(name, right, found, marked):
    print(name)
    for kind in list(TYPES.values()) + ["all"]:
        r, f, m = right[kind], found[kind], marked[kind]
        precision, recall = r / f if f else 0, r / m if m else 0
        f1 = 2 * precision * recall / (precision + recall) if r else 0
        print("  %-7s %4d marked  precision %.3f  recall %.3f  F1 %.3f" % (kind, m, precision, recall, f1))
    return f1


def compare_marked(program, marked_path, list_path, sample, folder):
    texts = read_marked(marked_path)
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        for name, title, paragraphs, _ in texts:
            file.write(json.dumps({"id": name, "title": title, "text": "\n\n".join(paragraphs)}) + "\n")
        file.flush()
        answers = {a["id"]: a for a in inspect(program, file.name)}
    pairs = []
    for name, title, paragraphs, gold in texts:
        answer = answers[name]
        if [answer["title"]] + answer["paragraphs"] != [title] + paragraphs:
            sys.exit("names.py: the text of '%s' was not read as it stands" % name)
        pairs.append((name, [title] + paragraphs, gold, mentions_of(answer)))
    articles = []
    for part in ("pages", "feeds", "web"):
        articles += inspect(program, os.path.join(sample, part))
    for article, (name, title, paragraphs, gold) in zip(articles, mark_by_list(articles, list_path)):
        pairs.append((name.split("/")[-1], [title] + paragraphs, gold, mentions_of(article)))
    out = open(os.path.join(folder, "differences"), "w", encoding="utf-8") if folder else None
    least = 1
    for half, name in ((0, "first half"), (1, "other half")):
        right, found, marked = collections.Counter(), collections.Counter(), collections.Counter()
        for i, (ident, texts_of, gold, ours) in enumerate(pairs):
            if i % 2 != half:
                continue
            for counter, spans in ((marked, gold), (found, ours), (right, {k: v for k, v in ours.items() if gold.get(k) == v})):
                for kind in spans.values():
                    counter[kind] += 1
                    counter["all"] += 1
            if out and half == 0:
                for place in sorted(set(gold) | set(ours)):
                    if gold.get(place) != ours.get(place):
                        text = texts_of[place[0] + 1]
                        out.write("%s: %s -> %s: %s [%s] %s\n" % (
                            ident, gold.get(place, "-"), ours.get(place, "-"), text[max(0, place[1] - 30):place[1]],
                            text[place[1]:place[2]], text[place[2]:place[2] + 25]))
        least = min(least, print_table("%s of %d texts" % (name, len(pairs)), right, found, marked))
    return least


# ---------------------------------------------------------------- tags

def holds(kind, tag, names, within):
    wanted = ALIASES.get(tag, [tag.replace("-", " ")])
    if kind == "people":
        last = tag.split("-")[-1]
        return any(last in name.split() for name in names["person"])
    if kind == "places":
        return any(name in names["place"] or name in names["people"] or name in within for name in wanted)
    return any(name in names["org"] for name in wanted + [tag])


def compare_tags(program, path):
    tagged, found, missed = collections.Counter(), collections.Counter(), collections.defaultdict(collections.Counter)
    with open(path, encoding="utf-8") as lines:
        tags = {}
        for line in lines:
            row = json.loads(line)
            tags[row["id"]] = {k: row.get(k) or [] for k in ("people", "places", "orgs")}
    for article in inspect(program, path):
        names, within = collections.defaultdict(set), set()
        for e in article["entities"]:
            kind = "people" if e.get("people") else e["type"]
            names[kind].add(fold(e["canonical"]))
            names[kind].add(fold(e["text"]))
            if e.get("within"):
                within.add(fold(e["within"]))
        for kind, list_of in tags[article["id"]].items():
            for tag in list_of:
                tagged[kind] += 1
                if holds(kind, tag, names, within):
                    found[kind] += 1
                else:
                    missed[kind][tag] += 1
    for kind in ("people", "places", "orgs"):
        print("%-7s %5d tags, %.3f found; most missed: %s" % (
            kind, tagged[kind], found[kind] / max(1, tagged[kind]),
            ", ".join("%s %d" % t for t in missed[kind].most_common(6))))
    return found, tagged


def main(arguments):
    if len(arguments) in (5, 6) and arguments[0] == "marked":
        return 0 if compare_marked(*arguments[1:5], arguments[5] if len(arguments) == 6 else None) >= .80 else 1
    if len(arguments) == 3 and arguments[0] == "tags":
        found, tagged = compare_tags(*arguments[1:])
        return 0 if found["places"] >= .90 * tagged["places"] and found["people"] >= .80 * tagged["people"] else 1
    sys.exit(__doc__)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

# SPDX-License-Identifier: GPL-2.0-or-later
"""Indexes corpus/sample and compares: what is skipped, furniture, dates, groups of copies, answers.

usage: sample.py TOOLS SAMPLE WORK ENGINE
"""
import json
import os
import re
import subprocess
import sys

tools, sample, work, engine = sys.argv[1:]
index = os.path.join(work, engine + ".index")
failures = []
checks = 0


def check(fine, message):
    global checks
    checks += 1
    if not fine:
        failures.append(message)


def run(program, *arguments, codes=(0,)):
    done = subprocess.run([os.path.join(tools, program), *arguments], capture_output=True, text=True, check=False)
    if done.returncode not in codes:
        sys.exit(f"FAIL: {program} {' '.join(arguments)}: exit {done.returncode}\n{done.stderr}")
    return done


def short(article_id):
    """A page's id may hold its folder and extension."""
    return re.sub(r"\.(txt|html)$", "", article_id.rsplit("/", 1)[-1])


def ask(query, *options):
    done = run("nsearch", "-i", index, "--json", "-n", "100", *options, "--", query, codes=(0, 1))
    return json.loads(done.stdout)


def heads(query, *options):
    return [short(hit["id"]) for hit in ask(query, *options)["hits"]]


def found(query):
    """All articles that an answer holds, copies as well."""
    return {short(hit["id"]) for hit in ask(query, "--copies=all")["hits"]}


articles = os.path.join(sample, "articles")
summary = run("nsearch-index", "--engine", engine, "-i", index, "--json", "--verbose", articles)
counts = json.loads(summary.stdout)
check(counts["added"] == 60, f"{counts['added']} articles added, not 60")
for name in ("empty.txt", "picture.txt", "broken.jsonl", "cut.jsonl.gz"):
    check(name in summary.stderr, f"{name} is not named among the skipped")
again = json.loads(run("nsearch-index", "-i", index, "--json", articles).stdout)
check(again["unchanged"] == 60 and not again["added"] and not again["updated"],
      f"the second run adds {again['added']} and updates {again['updated']}")
run("nsearch-inspect", "-i", index, "verify")

# Furniture and dates, as the readers give them.
furniture = re.compile(
    r"Subscribe|Read also|READ MORE|Most Popular|Comments \(|Log in|display:|font-family|All rights reserved"
    r"|newsletter|Discussion about|e-PAPER|Share this story|min read|Unsubscribe|Sign up|Follow us|Advertisement"
    r"|SOURCE:|Related:|RelatedSeoul|tracker|Top movers|Listen live|logo$|\(1\)$", re.M)
read = {}
for line in run("nsearch-inspect", "--json", "read", articles).stdout.splitlines():
    article = json.loads(line)
    read[short(article["id"])] = article
check(len(read) == 60, f"{len(read)} articles read")
for name, article in sorted(read.items()):
    for paragraph in article["paragraphs"]:
        hit = furniture.search(paragraph)
        check(not hit, f"{name}: '{hit.group() if hit else ''}' in the body: {paragraph[:80]}")
dates = {
    "harbour-shells": "2025-03-11", "ledger-shells": "2025-03-12", "pinewood-dam": "2025-04-12",
    "valley-dam": "2025-04-12", "prairie-copper": "2025-05-21", "capital-copper": "2025-05-22",
    "gazette-vaccine": "2025-06-17", "science-notes-vaccine": "2025-06-25", "mercury-cup": "2025-07-07",
    "estonia-budget": "2025-10-28", "night-train": "2026-01-23", "coastline-lighthouse": "2025-10-31",
    "lantern-bridge-toll": "2026-02-11", "vineyard-frost": "2025-05-02", "harbour-whale": "2025-12-21",
    "mna-shells": "2025-03-11", "mna-undated-lottery": "", "cheese-cave": "", "islay-ferry-brief": "",
    "observer-armoured-vans": "", "ledger-bank-rumour": "2024",
}
for name, date in dates.items():
    if name not in read:
        check(False, f"{name} is missing")
        continue
    got = read[name]["date"]
    check(got[:10] == date if date else not got, f"{name}: date '{got}', not '{date}'")
titles = {
    "harbour-shells": "North Korean freighter carried artillery shells, port inspectors say",
    "straits-shells": "N. Korea ship hid artillery shells under cement, officials say",
    "coastline-shells": "Ship from DPRK stopped with hidden munitions",
    "coastline-lighthouse": "Last keeper leaves the light at Skerrow Point",
    "seoul-chipmaker": "Chipmaker Hansol Nano to build second plant in Gwangju",
    "cheese-cave": "The wheel that fell asleep",
    "elbe-flood-live": "Elbe flood crest reaches Magdeburg, hour by hour",
    "pinewood-dam": "Dam gives way in Peru, 14 missing and thousands flee",
    "tank-range-butterflies": "Rare blue butterfly thrives among the tanks",
    "whooping-cough": "Whooping cough closes two schools as doctors plead for vaccination",
}
for name, title in titles.items():
    got = read.get(name, {}).get("title")
    check(got == title, f"{name}: title '{got}'")
check("Lefèvre" in " ".join(read["vineyard-frost"]["paragraphs"]), "Latin-1 was not read")

# Copies: every story is one group, and no group holds anything else.
stories = {}
with open(os.path.join(sample, "stories.tsv"), encoding="utf-8") as lines:
    for line in lines:
        story, name, kind = line.rstrip("\n").split("\t")
        if kind == "copy":
            stories.setdefault(story, set()).add(name)
groups = json.loads(run("nsearch-inspect", "-i", index, "--json", "groups").stdout)["groups"]
groups = [{short(a["id"]) for a in group["articles"]} for group in groups]
together = apart = 0
for group in groups:
    check(any(group <= story for story in stories.values()), f"a group of what are no copies: {sorted(group)}")
for name, story in stories.items():
    largest = max((len(group & story) for group in groups), default=0)
    together += largest
    apart += len(story) - largest
    check(2 * largest > len(story), f"story '{name}': only {largest} of {len(story)} copies are together")
print(f"{engine}: copies under their head: {together} of {together + apart}")

# Questions with a known answer (README.md).
shells = stories["shells"]
phrase = found('"artillery shells"')
check({"shells-crew-freed", "mna-shells-obituary"} <= phrase, f"phrase: {sorted(phrase)}")
check(len(phrase & shells) >= 5, f"phrase: only {sorted(phrase & shells)} of the story")
check(not phrase & {"estonia-budget", "museum-shells", "tank-range-butterflies"}, "phrase: words that stand apart")
order = heads("artillery shells", "--copies=all")
for far in ("estonia-budget", "museum-shells", "tank-range-butterflies"):
    check(far in order, f"words: {far} is missing")
    for near in ("harbour-shells", "mna-shells"):
        check(far not in order or order.index(near) < order.index(far), f"words: {far} is before {near}")
dprk = found("DPRK")
check({"harbour-shells", "straits-shells", "coastline-shells", "mna-kim-letter"} <= dprk, f"DPRK: {sorted(dprk)}")
check("seoul-chipmaker" not in dprk, "DPRK finds South Korea")
check(any("North Korea" in note for note in ask("DPRK")["notes"]), "DPRK: no note on the other names")
for one, other in (("armored", "armoured"), ("antitank", "anti-tank"), ("Rio Claro", "Río Claro"),
                   ("covid-19", "COVID‑19"), ("\"history had no marker\"", "“History had no marker”")):
    check(found(one) == found(other), f"'{one}' and '{other}' differ: {sorted(found(one) ^ found(other))}")
check({"pinewood-dam", "radio-dam"} <= found("Rio Claro"), "Rio Claro with and without its accent")
check(found("person:rashidi") == {"gulf-port-deal"}, f"person:rashidi: {sorted(found('person:rashidi'))}")
check(found('"history had no marker"') & stories["cup"], "the quotation in the cup story")
check(heads("Lefevre Macon frost")[:1] == ["vineyard-frost"], "Lefevre Macon frost")
check("appeal-court-tariff" in found("U.S. court"), "U.S. court")
check(found("place:uae") >= {"gulf-port-deal"}, "place:uae")
check(found("artillery date:2025-10") == {"estonia-budget"}, f"date: {sorted(found('artillery date:2025-10'))}")

if failures:
    print("\n".join("FAIL: " + f for f in failures))
    sys.exit(f"{len(failures)} of {checks} checks failed")
print(f"{engine}: {checks} checks")

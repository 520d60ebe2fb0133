# SPDX-License-Identifier: GPL-2.0-or-later
"""The table of the bench, from the files that its steps and the peers' drivers left: figures beside their goals.

    report.py OUT PASSAGES.tsv      prints it again"""
import glob
import json
import math
import os
import sys

CLASSES = ["or", "and", "phrase", "head", "c_or", "c_and", "c_phrase"]
# Against Lucene 8: queries a second at least, the 99th percentile of the times at most.
SPEED_GOALS = {"or": (9, 0.14), "and": (5, 0.19), "phrase": (4, 0.16), "head": (11, 0.09), "c_or": (2.7, None),
               "c_and": (2.7, None), "c_phrase": (1.8, None)}
STORED = ("texts", "text_index", ".fdt", ".fdx", ".fdm")  # sections of ours, ends of Lucene's file names


def percentile(values, p):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * p))]


def microseconds(ns):
    return f"{ns / 1e3:.1f}" if ns < 1e5 else f"{ns / 1e3:,.0f}"


def times_of(path):
    """Of each class, the times in ns."""
    times = {}
    if os.path.exists(path):
        with open(path, encoding="utf-8") as lines:
            for fields in (line.split("\t") for line in lines):
                times.setdefault(fields[1], []).append(int(fields[3]))
    return times


def rate(times):
    return len(times) / (sum(times) / 1e9)


def records(path):
    """The last record of each name."""
    found = {}
    if os.path.exists(path):
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                record = json.loads(line)
                found[record["name"]] = record
    return found


def sizes_of(path):
    sizes = {}
    if os.path.exists(path):
        with open(path, encoding="utf-8") as lines:
            for fields in (line.split() for line in lines):
                if len(fields) == 2 and fields[0].isdigit():
                    sizes[fields[1]] = int(fields[0])
    return sizes


def row(*cells):
    return "| " + " | ".join(str(c) for c in cells) + " |"


def head(*cells):
    return [row(*cells), row(*["---"] * len(cells))]


def against(value, goal, least, digits=2):
    """A ratio, and whether it reaches its goal."""
    if goal is None:
        return f"{value:.{digits}f}"
    reached = value >= goal if least else value <= goal
    return f"{value:.{digits}f} ({'≥' if least else '≤'} {goal}: {'yes' if reached else '**no**'})"


def speed(out):
    engines = {}
    for path in glob.glob(os.path.join(out, "res", "*.tsv")):
        engines[os.path.basename(path)[:-4]] = times_of(path)
    own, reference = engines.pop("nsearch", {}), engines.get("lucene8", {})
    others = sorted(engines)
    lines = head("class", "queries", "nsearch", *others, "q/s, of Lucene 8's", "p99, of Lucene 8's",
                 "time, of the fastest other's")
    for name in CLASSES:
        if name not in own:
            continue
        cells = []
        for times in [own] + [engines[e] for e in others]:
            t = times.get(name)
            cells.append(f"{microseconds(percentile(t, .5))} / {microseconds(percentile(t, .99))} ({rate(t):,.0f})"
                         if t else "-")
        least, most = SPEED_GOALS[name]
        ratios = ["-", "-", "-"]
        if name in reference:
            ratios[0] = against(rate(own[name]) / rate(reference[name]), least, True)
            ratios[1] = against(percentile(own[name], .99) / percentile(reference[name], .99), most, False)
        rates = [rate(engines[e][name]) for e in others if name in engines[e]]
        if rates:
            ratios[2] = f"{max(rates) / rate(own[name]):.2f}"
        lines.append(row(name, len(own[name]), *cells, *ratios))
    return ["Time of a query in microseconds: median / 99th percentile (queries a second over the class)", "", *lines]


def building(out, passages):
    steps, bytes_in = records(os.path.join(out, "index.jsonl")), os.path.getsize(passages)
    lines = head("built by", "wall s", "CPU s", "MB/s of the input", "peak MB", "load before")
    for name, r in steps.items():
        lines.append(row(name, r["wall_s"], r["cpu_s"], f"{bytes_in / 1e6 / r['wall_s']:.1f}", r["max_rss_mb"],
                         r["load_before"]))
    one, two, sqlite = (steps.get(n) for n in ("nsearch_index", "nsearch_index_2", "sqlite_fts5_index"))
    if one and sqlite:
        lines.append(row("one core, of SQLite FTS5's speed", against(sqlite["wall_s"] / one["wall_s"], 2, True),
                         f"{sqlite['cpu_s'] / one['cpu_s']:.2f}", "", "", ""))
    if one and two:
        lines.append(row("two cores, of one core's speed", against(one["wall_s"] / two["wall_s"], 1.8, True),
                         f"{one['cpu_s'] / two['cpu_s']:.2f}", "", "", ""))
    return lines


def bytes_of(out):
    own, other = sizes_of(os.path.join(out, "nsearch_sizes.txt")), sizes_of(os.path.join(out, "lucene8_sizes.txt"))
    if not own:
        return []
    total = own.pop("total")
    stored = sum(size for name, size in own.items() if name in STORED)
    lines = head("bytes of the index", "nsearch", "Lucene 8", "of Lucene 8's")
    if other:
        other_total, other_stored = sum(other.values()), sum(size for name, size in other.items() if name[-4:] in STORED)
        lines.append(row("without stored text", f"{total - stored:,}", f"{other_total - other_stored:,}",
                         against((total - stored) / (other_total - other_stored), 0.6, False)))
        lines.append(row("with it", f"{total:,}", f"{other_total:,}", against(total / other_total, 0.7, False)))
    else:
        lines += [row("without stored text", f"{total - stored:,}", "-", "-"), row("with it", f"{total:,}", "-", "-")]
    lines += [row(name.replace("_", " "), f"{size:,}", "", "") for name, size in own.items()]
    return lines


def others(out):
    lines = []
    path = os.path.join(out, "search.json")
    if os.path.exists(path):
        with open(path, encoding="utf-8") as text:
            record = json.load(text)
        rates = ", ".join(f"{name} {r:,.0f}" for name, r in record["first_pass_rates"].items())
        lines += [f"First, untimed passes, in which what is kept of frequent terms is worked out, q/s: {rates}. "
                  f"Peak memory of searching, mapped index included: {record['max_rss_mb']} MB", ""]
    cold = records(os.path.join(out, "cold.jsonl"))
    if "nsearch" in cold:
        lines += head("the whole process of one query", "median ms", "least ms")
        for name, r in cold.items():
            median = against(r["cold_ms_median"], 2, False) if name == "nsearch" else r["cold_ms_median"]
            lines.append(row(name, median, r["cold_ms_min"]))
        lines.append("")
    path = os.path.join(out, "durable.txt")
    if os.path.exists(path):
        with open(path, encoding="utf-8") as text:
            lines += ["One new article, durable (goal: ≤ 50 ms): " + "; ".join(text.read().split("\n")).strip("; "), ""]
    path = os.path.join(out, "instructions.tsv")
    if os.path.exists(path) and os.path.getsize(path):
        lines += head("class", "instructions a query")
        with open(path, encoding="utf-8") as text:
            lines += [row(name, f"{int(count):,}") for name, count in (line.split("\t") for line in text)]
        lines.append("")
    return lines


def growth(out):
    found = {}
    for path in glob.glob(os.path.join(out, "growth", "*.res")):
        found[int(os.path.basename(path)[:-4])] = times_of(path)
    if not found:
        return []
    sizes = sorted(found)
    lines = head("mean microseconds", *(f"{n:,} passages" for n in sizes), "last / first, for each ten times (goal: < 4)")
    for name in CLASSES[:4]:
        means = [1e6 / rate(found[n][name]) for n in sizes]
        factor = sizes[-1] / sizes[0]
        steep = (means[-1] / means[0]) ** (1 / math.log10(factor)) if factor > 1 else 1
        lines.append(row(name, *(f"{m:,.1f}" for m in means), against(steep, 4, False)))
    return lines + [""]


def table(out, passages):
    with open(passages, "rb") as lines:
        count = sum(1 for _ in lines)
    parts = [f"{count:,} passages, {os.path.getsize(passages):,} bytes", "", *speed(out), "", *building(out, passages), "",
             *bytes_of(out), "", *others(out), *growth(out)]
    return "\n".join(parts).rstrip() + "\n"


if __name__ == "__main__":
    print(table(sys.argv[1], sys.argv[2]))

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs the whole bench and prints its table: `make bench` in a build folder. Variables in doc/bench.md."""
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import time

import inputs
import report

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BENCH = os.path.abspath("tests/bench/nsearch-bench")
MAKE_CORPUS = os.path.abspath("corpus/make_corpus")
NEWS = ["senate-releases", "reuters-1987-dev", "tech-company", "bbc"]  # the order that the peers' README has
STEPS = ["index", "search", "cold", "durable", "instructions", "growth"]
env = os.environ.get


def say(text):
    print(text, file=sys.stderr, flush=True)


def fail(text):
    sys.exit(f"bench: {text}")


def run(command, **options):
    """A command that must succeed."""
    if subprocess.run(command, **options).returncode:
        fail(f"'{' '.join(map(str, command))}' failed")


def append(path, record):
    with open(path, "a", encoding="utf-8") as out:
        out.write(json.dumps(record) + "\n")
    say(json.dumps(record))


def shared():
    """The folder of real texts and peers, or None."""
    path = env("NSEARCH_SHARED", os.path.join(SOURCE, "..", "shared"))
    return os.path.abspath(path) if os.path.isdir(path) else None


def peers():
    """The folder of the other engines' drivers, or None."""
    path = shared() and os.path.join(shared(), "peers")
    return path if path and os.path.isfile(os.path.join(path, "run_all.sh")) else None


# ---------------------------------------------------------------- what is indexed and asked


def real_passages(out, path):
    """As the peers' README makes them."""
    articles, documents = os.path.join(out, "articles.jsonl"), os.path.join(out, "documents.tsv")
    with open(articles, "wb") as to:
        for name in NEWS:
            run(["xz", "-dc", os.path.join(shared(), "data", "news", name + ".jsonl.xz")], stdout=to)
    run([os.path.join(peers(), "prep_corpus.py"), documents, articles, "--dedupe"])
    run([os.path.join(peers(), "passages.py"), documents, path])
    os.remove(articles)
    os.remove(documents)


def made_passages(path):
    make = subprocess.Popen([MAKE_CORPUS, "--articles", env("ARTICLES", "20000")], stdout=subprocess.PIPE)
    run([sys.executable, inputs.__file__, "passages", path], stdin=make.stdout)
    if make.wait():
        fail("make_corpus failed")


def grow(source, count, path):
    with open(path, "wb") as to:
        run([BENCH, "grow", source, str(count), "1"], stdout=to)


def passages_of(out):
    path = env("PASSAGES") or os.path.join(out, "passages.tsv")
    if not os.path.exists(path):
        if env("PASSAGES"):
            fail(f"there is no '{path}'")
        if peers() and os.path.isdir(os.path.join(shared(), "data", "news")):
            real_passages(out, path)
        else:
            say("bench: no real texts at hand: the generator's are taken")
            made_passages(path)
    if env("GROW"):
        grown = os.path.join(out, f"passages-{int(env('GROW'))}.tsv")
        if not os.path.exists(grown):
            grow(path, int(env("GROW")), grown)
        return grown
    return path


def make_queries(passages, path, each):
    game = shared() and os.path.join(shared(), "data", "queries", "search_benchmark_game.jsonl")
    if peers() and os.path.exists(game):
        run([os.path.join(peers(), "make_queries.py"), passages, game, path, "--each", str(each)],
            stdout=subprocess.DEVNULL)
    else:
        inputs.queries(passages, path, each)


def queries_of(out, passages):
    path = env("QUERIES") or os.path.join(out, f"queries-{os.path.basename(passages)}")
    if not os.path.exists(path):
        make_queries(passages, path, int(env("EACH", "500")))
    return path


# ---------------------------------------------------------------- steps


def cores(count):
    """The first cores that this process may use."""
    return set(sorted(os.sched_getaffinity(0))[:count])


def measure(out, name, command, on):
    """One line of index.jsonl: time, and the memory of the command alone."""
    load = os.getloadavg()[0]
    start = time.monotonic()
    process = subprocess.Popen(command, preexec_fn=lambda: os.sched_setaffinity(0, on), stdout=sys.stderr)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    append(os.path.join(out, "index.jsonl"),
           {"name": name, "wall_s": round(wall, 3), "cpu_s": round(usage.ru_utime + usage.ru_stime, 3),
            "max_rss_mb": round(usage.ru_maxrss / 1024, 1), "load_before": round(load, 2),
            "rc": process.returncode})
    if process.returncode:
        fail(f"{name} failed")


def step_index(out, index, passages):
    memory = ["--memory", env("MEMORY", "256")]
    for threads in (2, 1):  # what one core makes stays
        if threads > len(cores(threads)):
            say("bench: one core only: skipping the two-core index")
            continue
        shutil.rmtree(index, ignore_errors=True)
        measure(out, "nsearch_index" if threads == 1 else f"nsearch_index_{threads}",
                [BENCH, "index", *memory, "--threads", str(threads), passages, index], cores(threads))
    with open(os.path.join(out, "nsearch_sizes.txt"), "wb") as to:
        run([BENCH, "sizes", index], stdout=to)


def search(index, queries, path, classes=None):
    """Gives the lines that the program says, one a class, and its peak memory in MB."""
    process = subprocess.Popen([BENCH, "search", index, queries, path, "nsearch", classes or env("CLASSES", "")],
                               stderr=subprocess.PIPE, text=True)
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    say(said.rstrip())
    if process.returncode:
        fail("the search failed")
    return said, usage.ru_maxrss / 1024


def step_search(out, index, queries):
    said, memory = search(index, queries, os.path.join(out, "res", "nsearch.tsv"))
    first = {name: int(count) / float(seconds) for name, count, seconds in
             re.findall(r"^nsearch (\w+): (\d+) queries, .* the first in ([0-9.]+) s$", said, re.M)}
    with open(os.path.join(out, "search.json"), "w", encoding="utf-8") as to:
        json.dump({"first_pass_rates": first, "max_rss_mb": round(memory, 1)}, to)


def step_cold(out, index, queries):
    """Start of the program to its end, as the peers' cold.py does it."""
    with open(queries, encoding="utf-8") as lines:
        words = next((f[2].strip() for f in (l.split("\t") for l in lines) if f[0] == "or" and " " in f[2]), "news")
    command = [BENCH, "one", index, "or", env("ONE", "senate budget hearing" if peers() else words)]
    times = []
    for _ in range(22):
        start = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        times.append((time.perf_counter() - start) * 1e3)
    append(os.path.join(out, "cold.jsonl"),
           {"name": "nsearch", "cold_ms_median": round(statistics.median(times[1:]), 2),
            "cold_ms_min": round(min(times[1:]), 2), "runs": 21})


def step_durable(out, passages):
    """One article into an index of 100,000, or of all but the last 50 where there are fewer."""
    with open(passages, "rb") as lines:
        count = sum(1 for _ in lines)
    first, index = max(1, min(100000, count - 50)), os.path.join(out, "durable")
    shutil.rmtree(index, ignore_errors=True)
    run([BENCH, "index", "--limit", str(first), passages, index], stdout=subprocess.DEVNULL)
    said = subprocess.run([BENCH, "durable", index, passages, str(first), "40"], stdout=subprocess.PIPE, text=True,
                          check=True).stdout
    with open(os.path.join(out, "durable.txt"), "w", encoding="utf-8") as to:
        to.write(f"{first} articles before\n{said}")
    shutil.rmtree(index)


def instructions(command):
    """Instructions of a command, by perf or callgrind; None where neither works."""
    if shutil.which("perf"):
        said = subprocess.run(["perf", "stat", "-x,", "-e", "instructions:u", *command], stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, text=True).stderr
        count = said.split(",")[0].split("\n")[-1]
        if count.isdigit():
            return int(count)
    if shutil.which("valgrind"):
        said = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *command],
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True).stderr
        found = re.search(r"Collected : (\d+)", said)
        if found:
            return int(found[1])
    return None


def step_instructions(out, index, queries):
    """Instructions a query: those of three rounds over some queries less those of one."""
    count = int(env("INSTRUCTIONS", "20"))
    with open(os.path.join(out, "instructions.tsv"), "w", encoding="utf-8") as to:
        for name in report.CLASSES:
            command = [BENCH, "repeat", index, queries, name, str(count)]
            once, thrice = instructions(command + ["1"]), instructions(command + ["3"])
            if once is None or thrice is None:
                say("bench: neither perf nor valgrind counts instructions here: skipping them")
                return
            done = int(subprocess.run(command + ["1"], stdout=subprocess.PIPE, check=True, text=True).stdout)
            if done:
                to.write(f"{name}\t{(thrice - once) // (2 * done)}\n")
                to.flush()


def step_growth(out, source):
    """The same queries over generated corpora of growing size."""
    sizes = [int(n) for n in env("GROWTH", "100000 1000000").split()]
    folder = os.path.join(out, "growth")
    queries = os.path.join(folder, "queries.tsv")
    os.makedirs(folder, exist_ok=True)
    for count in sizes:
        passages, index = os.path.join(folder, f"{count}.tsv"), os.path.join(folder, "index")
        shutil.rmtree(index, ignore_errors=True)
        grow(source, count, passages)
        if count == sizes[0]:
            make_queries(passages, queries, 200)
        run([BENCH, "index", passages, index], stdout=sys.stderr)
        os.remove(passages)
        search(index, queries, os.path.join(folder, f"{count}.res"), "or,and,phrase,head")
        shutil.rmtree(index)


def run_peers(out, passages, queries):
    if not peers():
        fail("PEERS is set, but there is no folder of peers")
    for name in env("PEERS").split():
        own = dict(os.environ, PEERS=name)
        if name == "sqlite":  # its disjunctions take seconds each, and no goal hangs on them
            own["CLS"] = "and,phrase,c_or,c_and,c_phrase"
        run(["bash", os.path.join(peers(), "run_all.sh"), passages, queries, out], env=own, stdout=sys.stderr)


def main():
    out = os.path.abspath(env("OUT", "bench-out"))
    steps = env("STEPS", " ".join(STEPS)).split()
    index = os.path.join(out, "nsearch")
    for step in steps:
        if step not in STEPS:
            fail(f"there is no step '{step}': {' '.join(STEPS)}")
    os.makedirs(os.path.join(out, "res"), exist_ok=True)
    passages = passages_of(out)
    queries = queries_of(out, passages)
    if env("PEERS"):
        run_peers(out, passages, queries)
    if "index" in steps:
        step_index(out, index, passages)
    if "search" in steps:
        step_search(out, index, queries)
    if "cold" in steps:
        step_cold(out, index, queries)
    if "durable" in steps:
        step_durable(out, passages)
    if "instructions" in steps:
        step_instructions(out, index, queries)
    if "growth" in steps:
        step_growth(out, env("PASSAGES") or os.path.join(out, "passages.tsv"))
    table = report.table(out, passages)
    with open(os.path.join(out, "bench.md"), "w", encoding="utf-8") as to:
        to.write(table)
    print(table)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What an index in several places costs: the figures of doc/scale.md.

    measure.py wire INPUT QUERIES [SHARDS]    turns, bytes and time of a query for delays of the wire
    measure.py cores INPUT QUERIES [FOLDER]   one index against two shards: queries a second, median, processor time; the
                                              indexes are kept in FOLDER, and taken from there
    measure.py write INPUT [SHARDS]           the same articles into one index, shards here, shards behind servers
INPUT: articles. QUERIES: id<TAB>query lines: the first 20 warm up, the next 200 are asked (NSEARCH_TEST_QUERIES). Run it in the
build tree."""
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time

import servers

DELAYS = [0, 0.1, 0.5, 2.5, 10]  # ms one way
OPTIONS = [["-p", "0"], ["-p", "0", "--first-stage"], ["-p", "0", "--first-stage", "-n", "1"]]  # without delay
ROUNDS = 3
WARM = 20
QUERIES = int(os.environ.get("NSEARCH_TEST_QUERIES", "200"))


def read_queries(path):
    """Those that warm up, and those that are measured."""
    with open(path, encoding="utf-8") as lines:
        queries = [line.rstrip("\n").split("\t")[-1] for line in lines if line.strip()]
    return queries[:WARM], queries[WARM:WARM + QUERIES]


def build(scratch, source, count):
    """Shards in folders of 'scratch' and their list."""
    names = [f"s{i}" for i in range(count)]
    folders = {n: f"{scratch}/{count}-{n}" for n in names}
    path = servers.write_list(os.path.join(scratch, f"here-{count}.ini"), {n: f"where = {f}" for n, f in folders.items()})
    if not all(map(os.path.exists, folders.values())):
        servers.tool("nsearch-index", "-q", "-i", path, source)
    return path, folders


class Wire:
    def __init__(self, scratch, port, delay):
        self.port = servers.free_port()
        self.report = os.path.join(scratch, f"wire-{self.port}")
        self.process = subprocess.Popen([sys.executable, os.path.join(os.path.dirname(__file__), "wire.py"), str(self.port), str(port),
                                         str(delay), self.report], stdout=subprocess.PIPE)
        self.process.stdout.readline()

    def counts(self):
        """Since the last call."""
        if os.path.exists(self.report):
            os.remove(self.report)
        self.process.send_signal(signal.SIGUSR1)
        for _ in range(500):
            if os.path.exists(self.report):
                with open(self.report) as text:
                    return json.load(text)
            time.sleep(0.01)
        raise SystemExit("FAIL: no report of the wire")

    def stop(self):
        self.process.terminate()
        self.process.wait()


def wire(source, queries, count):
    queries = read_queries(queries)
    with tempfile.TemporaryDirectory() as scratch:
        _, folders = build(scratch, source, count)
        running = {n: servers.Server(f).start() for n, f in folders.items()}
        try:
            print(f"{count} shards, {len(queries[1])} queries; a shard and query")
            print("options | delay one way ms | open: turns, kB in, ms | first search: turns, kB in, ms | a query: turns, B out, kB in, median ms, "
                  "mean ms")
            for delay, *options in [[d] for d in DELAYS] + [[0, *o] for o in OPTIONS]:
                wires = {n: Wire(scratch, s.port, delay) for n, s in running.items()}
                path = servers.write_list(os.path.join(scratch, "wired.ini"),
                                          {n: f"where = 127.0.0.1:{w.port}" for n, w in wires.items()}, "60 s")
                one_delay(path, wires, queries, delay, options, count)
                for w in wires.values():
                    w.stop()
        finally:
            for server in running.values():
                server.stop()


def summed(wires, count):
    all_counts = [w.counts() for w in wires.values()]
    return {key: sum(c[key] for c in all_counts) / count for key in all_counts[0]}


def one_delay(path, wires, queries, delay, options, count):
    begin = time.monotonic()
    servers.tool("nsearch-inspect", "-i", path, "cluster")  # opens every shard, one after the other
    opening = (time.monotonic() - begin) / count
    opened = summed(wires, count)
    search = servers.Search(path, *options)
    warm, queries = queries
    _, first = search.ask(warm[0])
    started = summed(wires, count)
    for query in warm:
        search.ask(query)
    summed(wires, count)
    seconds = [search.ask(query)[1] for query in queries]
    cost = summed(wires, count)
    search.close()
    n = len(queries)
    print(f"{' '.join(options)} | {delay} | {opened['turns']:.0f}, {opened['to_search'] / 1000:.1f}, {1000 * opening:.1f} | "
          f"{started['turns']:.0f}, {started['to_search'] / 1000:.1f}, {1000 * first:.1f} | "
          f"{cost['turns'] / n:.1f}, {cost['to_server'] / n:.0f}, {cost['to_search'] / n / 1000:.1f}, "
          f"{1000 * statistics.median(seconds):.2f}, {1000 * statistics.mean(seconds):.2f}", flush=True)


def cores(source, queries, kept=None):
    queries = read_queries(queries)
    with tempfile.TemporaryDirectory() as scratch:
        scratch = kept or scratch
        for engine in "native", "xapian":
            if not os.path.exists(f"{scratch}/{engine}"):
                servers.tool("nsearch-index", "-q", "-i", f"{scratch}/{engine}", "--engine", engine, source)
        two, folders = build(scratch, source, 2)
        one_server = servers.Server(f"{scratch}/xapian").start()
        running = {n: servers.Server(f).start() for n, f in folders.items()}
        served = servers.write_list(f"{scratch}/served.ini", {n: f"where = 127.0.0.1:{s.port}" for n, s in running.items()}, "60 s")
        alone = servers.write_list(f"{scratch}/alone.ini", {"all": f"where = 127.0.0.1:{one_server.port}"}, "60 s")
        places = (("native, one folder", f"{scratch}/native", []), ("Xapian, one folder", f"{scratch}/xapian", []),
                  ("two shards, folders", two, []), ("one server", alone, [one_server]),
                  ("two servers", served, list(running.values())))
        try:
            for what, options in (("ten articles with passages", ()), ("ids", ("-p", "0")),
                                  ("ids, first stage", ("-p", "0", "--first-stage"))):
                compare_places(what, places, queries, options)
        finally:
            for server in [one_server, *running.values()]:
                server.stop()


def processor(processes):
    """Seconds of processor that these have taken, and what they started that is still there."""
    ticks, groups = 0, {os.getpgid(p.pid) for p in processes}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/stat") as text:
                fields = text.read().rpartition(")")[2].split()
            if int(fields[2]) in groups:
                ticks += sum(map(int, fields[11:13]))
        except OSError:
            pass
    return ticks / os.sysconf("SC_CLK_TCK")


def compare_places(what, places, queries, options):
    """All arrangements in turn, ROUNDS times, so that what else the machine does meets each alike; of the rounds the best counts."""
    best = {}
    for _ in range(ROUNDS):
        for name, index, used in places:
            for clients in (1, 2):
                seen = measure_clients(index, queries, clients, options, [s.process for s in used])
                old = best.get((name, clients), seen)
                best[name, clients] = (max(old[0], seen[0]), *map(min, old[1:], seen[1:]))
    print(f"{what}: best of {ROUNDS} rounds of {len(queries[1])} queries, load {os.getloadavg()[0]:.1f}")
    print("where | searches at once | queries a second | median ms | processor ms: here, servers")
    for (name, clients), (rate, median, here, there) in best.items():
        print(f"{name} | {clients} | {rate:.0f} | {1000 * median:.2f} | {1000 * here:.2f}, {1000 * there:.2f}", flush=True)


def measure_clients(index, queries, clients, options, used):
    """Queries a second of all clients, median, and a query's processor time here and at the servers."""
    taken, threads = [], []
    warm, queries = queries
    searches = [servers.Search(index, *options, start_new_session=True) for _ in range(clients)]
    for search in searches:
        for query in warm:
            search.ask(query)

    def run(search):
        begin = time.monotonic()
        seconds = [search.ask(query)[1] for query in queries]
        taken.append((len(seconds) / (time.monotonic() - begin), seconds))

    begin = processor([s.process for s in searches]), processor(used)
    for search in searches:
        threads.append(threading.Thread(target=run, args=(search,)))
        threads[-1].start()
    for thread in threads:
        thread.join()
    end = processor([s.process for s in searches]), processor(used)  # while those that serve them are still there
    for search in searches:
        search.close()
    return (sum(rate for rate, _ in taken), statistics.median(s for _, seconds in taken for s in seconds),
            *((after - before) / (clients * len(queries)) for before, after in zip(begin, end)))


def write(source, count):
    with tempfile.TemporaryDirectory() as scratch:
        def timed(what, *words):
            begin = time.monotonic()
            servers.tool("nsearch-index", "-q", *words, source)
            print(f"{what} | {time.monotonic() - begin:.1f} s", flush=True)
        timed("native, one folder", "-i", f"{scratch}/native")
        timed("Xapian, one folder", "-i", f"{scratch}/xapian", "--engine", "xapian")
        names = [f"s{i}" for i in range(count)]
        timed(f"{count} shards, folders", "-i",
              servers.write_list(f"{scratch}/f.ini", {n: f"where = {scratch}/f-{n}" for n in names}))
        empty = f"{scratch}/empty.jsonl"
        with open(empty, "w") as out:
            out.write("\n")
        made = servers.write_list(f"{scratch}/made.ini", {n: f"where = {scratch}/r-{n}" for n in names})
        servers.tool("nsearch-index", "-q", "-i", made, empty)
        running = {n: servers.Server(f"{scratch}/r-{n}", writable=True).start() for n in names}
        try:
            timed(f"{count} shards, servers", "-i",
                  servers.write_list(f"{scratch}/r.ini", {n: f"where = 127.0.0.1:{s.port}" for n, s in running.items()}, "60 s"))
        finally:
            for server in running.values():
                server.stop()


def main():
    words = sys.argv[1:]
    if len(words) >= 3 and words[0] == "wire":
        wire(words[1], words[2], int(words[3]) if len(words) > 3 else 2)
    elif len(words) in (3, 4) and words[0] == "cores":
        cores(*words[1:])
    elif len(words) >= 2 and words[0] == "write":
        write(words[1], int(words[2]) if len(words) > 2 else 2)
    else:
        sys.exit(__doc__)


main()

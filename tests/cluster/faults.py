#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Servers are killed, stopped and started again while queries are answered: none waits longer than it may, each answer is the
one of the shards that it names, and soon after a server is back answers are whole again.

    faults.py SAMPLE QUERIES      SAMPLE: articles; QUERIES: how many are asked"""
import itertools
import os
import random
import signal
import sys
import tempfile
import time

import servers

TIMEOUT = 0.6     # seconds, in the list
SLACK = 1.0       # that the machine may add; a busy one also four times its slowest undisturbed answer
RECOVERY = 5.0
EVERY = 55        # queries a fault
WORDS = ["artillery shells", "dam", "vaccine trial", "\"said on Friday\"", "title:copper", "north korea", "place:peru",
         "ship -cement", "after:2025-03 port", "election OR budget", "river w/5 flood", "shell*", "by:miller", "wheat prices",
         "said:water", "people", "rain", "government minister", "source:meridian", "the"]
failed = 0


def fail(text):
    global failed
    failed += 1
    print("FAIL:", text)


def main():
    sample, wanted = sys.argv[1], int(sys.argv[2])
    seed = int(os.environ.get("NSEARCH_TEST_SEED", "1"))
    random.seed(seed)
    print("seed", seed)
    with tempfile.TemporaryDirectory() as scratch:
        run(scratch, sample, wanted)
    sys.exit(1 if failed else 0)


def run(scratch, sample, wanted):
    names = ["a", "b", "c"]
    folders = {n: os.path.join(scratch, n) for n in names}
    here = servers.write_list(os.path.join(scratch, "here.ini"), {n: f"where = {folders[n]}" for n in names})
    servers.tool("nsearch-index", "-q", "-i", here, sample)
    alive = {n: servers.Server(folders[n]).start() for n in names}
    try:
        ask_all(scratch, alive, wanted)
    finally:
        for server in alive.values():
            server.stop()


def references(scratch, alive):
    """For each set of shards that may answer, what it answers; and the longest that took."""
    expected, slowest = {}, 0.0
    for n in range(1, len(alive) + 1):
        for some in itertools.combinations(alive, n):
            path = servers.write_list(os.path.join(scratch, "some.ini"), {s: f"where = 127.0.0.1:{alive[s].port}" for s in some})
            search = servers.Search(path)
            for words in WORDS:
                answer, seconds = search.ask(words)
                slowest = max(slowest, seconds)
                if answer["partial"]:
                    fail(f"{some} answers in part only: {answer['shards']}")
                expected[some, words] = servers.essence(answer)
            search.close()
    return expected, slowest


def stop_each(scratch, alive, undisturbed):
    """A server that hangs is waited for once, whatever a query asks it and nobody asked before."""
    path = servers.write_list(os.path.join(scratch, "each.ini"), {n: f"where = 127.0.0.1:{s.port}" for n, s in alive.items()},
                              f"{TIMEOUT} s")
    for words, down in zip(WORDS, itertools.cycle(alive)):
        search = servers.Search(path)
        search.ask("number")
        alive[down].send(signal.SIGSTOP)
        _, seconds = search.ask(words)
        alive[down].send(signal.SIGCONT)
        search.close()
        if seconds > TIMEOUT + SLACK + 4 * undisturbed:
            fail(f"'{words}', which {down} had not answered before it hung, took {seconds:.2f} s")


def ask_all(scratch, alive, wanted):
    expected, undisturbed = references(scratch, alive)
    stop_each(scratch, alive, undisturbed)
    patience = TIMEOUT + SLACK + 4 * undisturbed
    path = servers.write_list(os.path.join(scratch, "cluster.ini"),
                              {n: f"where = 127.0.0.1:{s.port}" for n, s in alive.items()}, f"{TIMEOUT} s")
    search = servers.Search(path)
    down, since, kind, kinds = None, 0, "nothing", {"kill": 0, "stop": 0, "both": 0}
    partial = whole = recovered = kept = 0
    slowest = worst_recovery = 0.0
    back = None  # when the last server came back, and no whole answer came yet
    for number in range(wanted):
        if down is None and back is None and number % EVERY == 4:
            down, since = random.choice(list(alive)), number
            kind = random.choice(list(kinds))
            kinds[kind] += 1
            if kind == "kill":
                alive[down].stop()
            elif kind == "stop":
                alive[down].send(signal.SIGSTOP)
            else:  # killed and back before anybody asks
                alive[down].stop()
                alive[down].start()
                down, back = None, time.monotonic()
        elif down is not None and number - since >= 5:
            if alive[down].process:
                alive[down].send(signal.SIGCONT)
            else:
                alive[down].start()
            down, back = None, time.monotonic()
        words = random.choice(WORDS)
        answer, seconds = search.ask(words)
        slowest = max(slowest, seconds)
        if seconds > patience:
            fail(f"query {number}, '{words}', took {seconds:.2f} s; {kind} {number - since} queries ago, answered by "
                 f"{[s['name'] for s in answer['shards'] if s['answered']]}, load {os.getloadavg()[0]:.0f}")
        some = tuple(s["name"] for s in answer["shards"] if s["answered"])
        if answer["partial"] != (len(some) < len(alive)):
            fail(f"query {number}: partial is {answer['partial']} with {some}")
        if servers.essence(answer) != expected[some, words]:
            fail(f"query {number}, '{words}': wrong answer of {some}")
        partial += answer["partial"]
        whole += not answer["partial"]
        if down in some and alive[down].process is None:  # all that it has to say was read before; it is held to the same
            kept += 1
        if back is not None and not answer["partial"]:
            worst_recovery = max(worst_recovery, time.monotonic() - back)
            recovered += 1
            back = None
        elif back is not None:
            if time.monotonic() - back > RECOVERY:
                fail(f"query {number}: no whole answer {time.monotonic() - back:.1f} s after all were back")
                back = None
            time.sleep(0.05)
    search.close()
    faults = sum(kinds.values())
    print(f"{wanted} queries, {faults} faults {kinds}: {whole} whole answers, {partial} in part; slowest {slowest:.2f} s of {patience:.2f}, "
          f"whole again after at most {worst_recovery:.2f} s")
    print(f"promise X2: queries while servers are killed, stopped and started: {wanted} points, {wanted} wanted, {failed} findings")
    if faults < wanted // EVERY - 2 or not partial or recovered < faults // 2 or kept > partial // 4:
        fail("too little happened")


if __name__ == "__main__":
    lacking = servers.needed()
    if lacking:
        print("SKIP:", ", ".join(lacking), "not installed (xapian-tools)")
        sys.exit(77)
    main()

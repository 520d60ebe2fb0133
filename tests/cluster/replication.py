#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The recipe of doc/cluster.md: a shard is replicated, then lost for good; one line in the list puts its replica in its place.
Everything acknowledged before the last replicated commit is there, and the cluster is written again.

    replication.py"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

import servers

failed = 0


def same(what, a, b):
    global failed
    if a != b:
        failed += 1
        print(f"FAIL: {what}: {str(a)[:300]} and {str(b)[:300]} differ")


class Replication:
    def __init__(self, parent):
        self.port = servers.free_port()
        self.process = subprocess.Popen(["xapian-replicate-server", "--interface=127.0.0.1", f"--port={self.port}", parent],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=servers.ENV)

    def fetch(self, name, to):
        for _ in range(50):
            done = subprocess.run(["xapian-replicate", "--host=127.0.0.1", f"--port={self.port}", f"--master={name}/xapian", "--one-shot",
                                   "--quiet", "--reader-time=0", to], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
            if done.returncode == 0:
                return
            time.sleep(0.1)
        raise SystemExit("FAIL: no replication: " + done.stdout.decode()[:500])

    def stop(self):
        self.process.kill()
        self.process.wait()


def write_articles(path, numbers, text):
    with open(path, "w") as out:
        for n in numbers:
            out.write(json.dumps({"id": f"r{n}", "title": f"Report {n}", "date": f"{2015 + n % 10}-{1 + n % 12:02d}-10",
                                  "text": f"{text} number {n} came into the harbour on a quiet morning."}) + "\n")
    return path


def found(path, query):
    search = servers.Search(path, "-n", "10000", "-p", "0", "--copies", "all")
    answer = search.ask(query)[0]
    search.close()
    return sorted(h["id"] for h in answer["hits"]), answer


def main():
    with tempfile.TemporaryDirectory() as scratch:
        run(scratch)
    print(f"promise X3: a shard lost for good, its replica in its place: 1 points, 1 wanted, {failed} findings")
    sys.exit(1 if failed else 0)


def run(scratch):
    parent = os.path.join(scratch, "shards")
    replicas = os.path.join(scratch, "replicas")
    os.mkdir(parent)
    os.mkdir(replicas)
    names = ["a", "b"]
    here = {n: f"where = {parent}/{n}" for n in names}
    path = servers.write_list(os.path.join(scratch, "cluster.ini"), here)
    index = lambda file, *words: servers.tool("nsearch-index", "-q", "-i", path, *words, file)
    index(write_articles(os.path.join(scratch, "first.jsonl"), range(400), "A whale"))
    replication = Replication(parent)
    try:
        for n in names:
            replication.fetch(n, os.path.join(replicas, n))
        # More commits, replicated as changes; among them updates and a removal.
        index(write_articles(os.path.join(scratch, "second.jsonl"), range(300, 500), "A blue whale"))
        index(write_articles(os.path.join(scratch, "third.jsonl"), range(500, 520), "A whale"), "--remove", "r7")
        for n in names:
            replication.fetch(n, os.path.join(replicas, n))
        acknowledged, whole = found(path, "whale")
        same("articles", acknowledged, sorted(f"r{n}" for n in range(520) if n != 7))
        held = {n: found(servers.write_list(os.path.join(scratch, "one.ini"), {n: here[n]}), "whale")[0] for n in names}
        if not all(len(h) > 50 for h in held.values()):
            same("articles of each shard", {n: len(h) for n, h in held.items()}, "more than 50")
        # What comes after that is not replicated, and then the shard is gone.
        index(write_articles(os.path.join(scratch, "late.jsonl"), range(520, 560), "A late whale"))
        late = set(found(path, "whale")[0]) - set(acknowledged)
    finally:
        replication.stop()
    shutil.rmtree(os.path.join(parent, "b"))
    some, answer = found(path, "whale")
    same("the answer is partial", answer["partial"], True)
    same("nothing of the lost shard", set(some) & set(held["b"]), set())

    # 1. The replica answers of itself where the list names it; the answer says so.
    server = servers.Server(os.path.join(replicas, "b")).start()
    try:
        servers.write_list(path, dict(here, b=f"where = {parent}/b\nreplica = 127.0.0.1:{server.port}"))
        ids, answer = found(path, "whale")
        same("nothing replicated is lost", sorted(set(acknowledged) - set(ids)), [])
        same("no part is missing", answer["partial"], False)
        same("it says that it is the replica", [s.get("replica") for s in answer["shards"]], [None, True])
        # 2. For good: one line.
        servers.write_list(path, dict(here, b=f"where = 127.0.0.1:{server.port}"))
        ids, answer = found(path, "whale")
        same("nothing replicated is lost", sorted(set(acknowledged) - set(ids)), [])
        same("no part is missing, no replica", (answer["partial"], [s.get("replica") for s in answer["shards"]]),
             (False, [None, None]))
    finally:
        server.stop()
    # 3. It is written: the sources bring back what came after the last replication.
    servers.write_list(path, dict(here, b=f"where = {replicas}/b"))
    for file in "first", "second", "third", "late":
        index(os.path.join(scratch, file + ".jsonl"))
    ids, answer = found(path, "whale")
    same("all is there again", sorted((set(acknowledged) | late | {"r7"}) - set(ids)), [])
    if not late:
        same("articles after the last replication", len(late), "some")
    if whole["found"] != len(acknowledged):
        same("found", whole["found"], len(acknowledged))


if __name__ == "__main__":
    lacking = servers.needed()
    if lacking:
        print("SKIP:", ", ".join(lacking), "not installed (xapian-tools)")
        sys.exit(77)
    main()

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""One answer in all forms: the same articles in a native index, in one Xapian database, in shards in folders, and in two and four
shards behind servers; then queries of every kind, and whole answers compared (tests/eval/compare_answers.c).

    answers.py SOURCE COUNT [SEED]

SOURCE: a folder of articles. Half of it is indexed by a first run, all of it by a second: copies must find each other over
shards, within a run and over runs. Run it in the build tree."""
import os
import random
import shutil
import subprocess
import sys
import tempfile

import servers

HERE = os.path.dirname(os.path.abspath(__file__))


def make_forms(scratch, source, draw):
    """Paths of the indexes, and folders for servers by their list."""
    names = sorted(os.listdir(source))
    half = os.path.join(scratch, "source")
    os.mkdir(half)
    for name in draw.sample(names, len(names) // 2):
        place = os.path.join(source, name)
        (shutil.copytree if os.path.isdir(place) else shutil.copy)(place, os.path.join(half, name))
    paths, lists = [f"{scratch}/native", f"{scratch}/xapian"], []
    for count in 2, 4:
        lists.append({f"s{i}": f"{scratch}/{count}-s{i}" for i in range(count)})
        paths.append(servers.write_list(f"{scratch}/folders-{count}.ini", {n: f"where = {f}" for n, f in lists[-1].items()}))
    for run in half, source:
        if run == source:  # the same paths, so that what was there is known
            for name in names:
                place, to = os.path.join(source, name), os.path.join(half, name)
                if not os.path.exists(to):
                    (shutil.copytree if os.path.isdir(place) else shutil.copy)(place, to)
        for path in paths:
            engine = ["--engine", "xapian"] if path.endswith("/xapian") else []
            servers.tool("nsearch-index", "-q", *engine, "-i", path, half, codes=(0, 1))
    return paths, lists


def main():
    if not shutil.which("xapian-tcpsrv"):
        print("SKIP: xapian-tools is not installed")
        return 77
    source, count, seed = os.path.abspath(sys.argv[1]), sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else "1"
    with tempfile.TemporaryDirectory() as scratch:
        paths, lists = make_forms(scratch, source, random.Random(int(seed)))
        running = []
        try:
            for folders in lists:
                served = {n: servers.Server(f).start() for n, f in folders.items()}
                running += served.values()
                paths.append(servers.write_list(f"{scratch}/servers-{len(folders)}.ini",
                                                {n: f"where = 127.0.0.1:{s.port}" for n, s in served.items()}, "60 s"))
            read = subprocess.run([os.path.join(servers.TOOLS, "nsearch-inspect"), "--json", "read", source], stdout=subprocess.PIPE,
                                  stderr=subprocess.DEVNULL, env=servers.ENV)
            queries = subprocess.run([sys.executable, os.path.join(HERE, "../eval/make_queries.py"), count, seed], input=read.stdout,
                                     stdout=subprocess.PIPE, check=True)
            with open(f"{scratch}/queries", "wb") as out:
                out.write(queries.stdout)
            return subprocess.run([os.path.abspath("tests/eval/compare_answers"), f"{scratch}/queries", *paths]).returncode
        finally:
            for server in running:
                server.stop()


sys.exit(main())

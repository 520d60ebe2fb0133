# SPDX-License-Identifier: GPL-2.0-or-later
"""Packs the sample articles of formats/ as archives and crawlers do: pages.warc.gz, desk.zip, desk.tar.xz.

usage: pack.py FORMATS OUT
"""
import gzip
import os
import sys
import tarfile
import zipfile

formats, out = sys.argv[1:]


def content(name):
    with open(os.path.join(formats, name), "rb") as file:
        return file.read()


def record(kind, body, **fields):
    head = [b"WARC/1.0", b"WARC-Type: " + kind, b"WARC-Date: 2025-11-05T04:00:00Z",
            b"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-%012d>" % len(body)]
    head += [name.replace("_", "-").encode() + b": " + value for name, value in fields.items()]
    head += [b"Content-Length: %d" % len(body), b"", b""]
    return gzip.compress(b"\r\n".join(head) + body + b"\r\n\r\n", mtime=0)


page = gzip.compress(content("page.html"), mtime=0)
answer = (b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Encoding: gzip\r\n"
          b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(page), page))
with open(os.path.join(out, "pages.warc.gz"), "wb") as file:
    file.write(record(b"warcinfo", b"software: pack.py\r\n", Content_Type=b"application/warc-fields"))
    file.write(record(b"response", answer, WARC_Target_URI=b"https://coastline.example/night-buses",
                      Content_Type=b"application/http; msgtype=response"))
with zipfile.ZipFile(os.path.join(out, "desk.zip"), "w", zipfile.ZIP_DEFLATED) as packed:
    packed.writestr("desk/election.ninjs.json", content("election.ninjs.json"))
    packed.writestr("desk/frost.iptc7901.txt", content("frost.iptc7901.txt"))
with tarfile.open(os.path.join(out, "desk.tar.xz"), "w:xz") as packed:
    packed.add(os.path.join(formats, "reuters-kind.sgm"), "reuters-kind.sgm")

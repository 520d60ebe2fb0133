# SPDX-License-Identifier: GPL-2.0-or-later
"""Hostile inputs as functions of a size in bytes: (file name, bytes). SCALING ones are tried at two sizes, since the time
must grow no faster than the input. What is to come of each: 'ok' an article, 'skip' none and a reason, a number so many articles."""
import gzip
import json
import struct
import zlib

STORY = ("Officials in the capital said on Monday that the talks would go on. The minister met the delegation for three "
         "hours. Nobody would say what was agreed, and reporters were kept outside. ")
WORDS = b"The envoy arrived in the city on Tuesday and spoke to the press for an hour. "


def fill(unit, n):
    unit = unit.encode() if isinstance(unit, str) else unit
    return unit * max(1, n // len(unit))


def text(unit, n, name="a.txt"):
    return name, b"A headline of today\n\n" + fill(unit, n) + b"\n\n" + STORY.encode()


def html(body, n, name="a.html", tail=b""):
    page = b"<!DOCTYPE html><html><head><title>A headline of today</title></head><body><p>" + STORY.encode() + b"</p>"
    return name, page + fill(body, n) + tail + b"<p>" + STORY.encode() + b"</p></body></html>"


def numbered(form, n):
    out, size, i = [], 0, 0
    while size < n:
        piece = form(i)
        out.append(piece)
        size += len(piece)
        i += 1
    return "".join(out)


def rss(items):
    return "a.xml", ('<?xml version="1.0"?><rss version="2.0"><channel><title>Wire</title>%s</channel></rss>' % items).encode()


def item(i, guid=None, date="Mon, 11 Sep 2023 10:00:00 +0000", body=STORY):
    return ("<item><title>Headline %d of today</title><guid>%s</guid><pubDate>%s</pubDate><description>%s</description></item>"
            % (i, guid if guid is not None else "g%d" % i, date, body))


def line(**fields):
    return json.dumps(fields) + "\n"


def between(bad):
    """A bad line between two sound ones, which are read."""
    sound = [line(id=x, title="A headline", text=STORY).encode() for x in "ab"]
    return "a.jsonl", sound[0] + bad + b"\n" + sound[1]


def warc(payload, length=None, uri="http://example.org/a", kind="response"):
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + payload
    return (b"WARC/1.0\r\nWARC-Type: %s\r\nWARC-Target-URI: %s\r\nContent-Type: application/http; msgtype=response\r\n"
            b"Content-Length: %s\r\n\r\n" % (kind.encode(), uri.encode("utf-8", "surrogateescape"),
                                              str(len(http) if length is None else length).encode())) + http + b"\r\n\r\n"


PAGE = ("<html><head><title>A headline of today</title></head><body><p>%s</p></body></html>" % (STORY * 2)).encode()


def colliding(n):
    """Keys of one length and sum, in an object."""
    return "a.jsonl", ('{"id": "x", "title": "A headline", "text": %s, %s}\n' % (
        json.dumps(STORY), numbered(lambda i: '%s"k%08d": %d' % (", " if i else "", i, i), n))).encode()


SCALING = {
    "words": ("ok", lambda n: text(WORDS, n)),
    "one token": ("ok", lambda n: text("a", n)),
    "distinct tokens": ("ok", lambda n: ("a.txt", ("A headline\n\n" + numbered(lambda i: "w%x " % (i * 2654435761 % 2**32), n)).encode())),
    "combining marks": ("ok", lambda n: text("\u0301", n)),
    "invalid UTF-8": ("ok", lambda n: text(b"\xc0\xaf\xed\xa0\x80\xf8\xff ab ", n)),
    "blank lines": ("ok", lambda n: text("\n", n)),
    "full stops": ("ok", lambda n: text(". ", n)),
    "quotation marks": ("ok", lambda n: text("\u201cHe said \u201d\" ", n)),
    "said": ("ok", lambda n: text('"Yes," said Smith. "No," he added. ', n)),
    "names": ("ok", lambda n: text("Kim Jong Un of North Korea met Vladimir Putin of Russia in Beijing. ", n)),
    "capitals": ("ok", lambda n: text("A B C D ", n)),
    "dates": ("ok", lambda n: text("Sept. 11, 2023 and 2023-09-11, last Tuesday; ", n)),
    "nested div": ("ok", lambda n: html("<div>", n)),
    "list items": ("ok", lambda n: html("<ul><li>", n)),
    "misnested": ("ok", lambda n: html("<b><i></b>", n)),
    "attributes": ("ok", lambda n: ("a.html", ("<html><body><p %s>%s</p></body></html>" % (numbered(lambda i: "a%d=1 " % i, n), STORY)).encode())),
    "comment openers": ("ok", lambda n: html("<!-", n)),
    "unclosed comments": ("ok", lambda n: html("<!--", n)),
    "unclosed script": ("ok", lambda n: html("<script>", n)),
    "textarea": ("ok", lambda n: html("<textarea>", n)),
    "CDATA": ("ok", lambda n: html("<![CDATA[", n)),
    "open angle": ("ok", lambda n: html("<", n)),
    "entities": ("ok", lambda n: html("&#0;&#x110000;&#99999999999999;&amp;", n)),
    "tables": ("ok", lambda n: html("<table><tr><td>", n)),
    "anchors": ("ok", lambda n: html("<a href=x>", n)),
    "paragraphs": ("ok", lambda n: html("<p>" + STORY[:90], n)),
    "items of one guid": ("ok", lambda n: rss(numbered(lambda i: item(i, guid="same"), n))),
    "items": ("ok", lambda n: rss(numbered(item, n))),
    "escaped thrice": ("ok", lambda n: rss(item(1, body="&amp;amp;lt;p&amp;amp;gt;" * (n // 24) + STORY))),
    "XML attributes": ("ok", lambda n: ("a.xml", ("<rss %s><channel>%s</channel></rss>" % (numbered(lambda i: 'a%d="1" ' % i, n), item(1))).encode())),
    "XML tags": ("ok", lambda n: ("a.xml", ("<?xml version='1.0'?><rss><channel>%s</channel></rss>" % (item(1) + "<x/>" * (n // 4))).encode())),
    "brackets": (2, lambda n: between(b"[" * n)),
    "brackets alone": ("skip", lambda n: ("a.jsonl", b"[" * n)),
    "colliding keys": ("ok", colliding),
    "escapes": ("ok", lambda n: ("a.jsonl", ('{"id": "x", "title": "A headline", "text": "%s %s"}\n' % (r"A b \u0041\ud800 c. " * (n // 20), STORY)).encode())),
    "JSON lines": ("ok", lambda n: ("a.jsonl", numbered(lambda i: line(id="a%d" % i, title="Headline %d" % i, text=STORY), n).encode())),
    "different articles": ("ok", lambda n: ("a.jsonl", numbered(lambda i: line(id="a%d" % i, title="Headline %d" % i, text=" ".join(
        "w%x" % (i * 7919 + k * 104729 & 0xffff) for k in range(60)) + "."), n).encode())),
    "digits": (2, lambda n: between(b'{"id": "x", "title": "A headline", "n": ' + b"1" * n + b"}")),
    "CSV quotes": ("ok", lambda n: ("a.csv", b'id,title,text\n1,"A headline","' + b'""' * (n // 2) + STORY.encode() + b'"\n')),
    "CSV columns": ("ok", lambda n: ("a.csv", b"id,title,text," + b"," * n + b"\n1,A headline," + STORY.replace(",", "").encode() + b"\n")),
    "WARC records": ("ok", lambda n: ("a.warc", fill(warc(PAGE), n))),
    "WARC of other kinds": (1, lambda n: ("a.warc", fill(warc(PAGE, kind="metadata"), n) + warc(PAGE))),
    "chunks of a byte": ("ok", lambda n: ("a.warc", warc(PAGE[:0] + b"1\r\na\r\n" * (n // 6)).replace(b"text/html\r\n", b"text/html\r\nTransfer-Encoding: chunked\r\n"))),
    "gzip members": ("ok", lambda n: ("a.jsonl.gz", gzip.compress(line(id="x", title="A headline", text=STORY).encode(), mtime=0) + fill(gzip.compress(b"", mtime=0), n // 8))),
}


def nested_gzip(depth):
    data = line(id="x", title="A headline", text=STORY).encode()
    for _ in range(depth):
        data = gzip.compress(data, mtime=0)
    return data


def zeros(size):
    """So many zeros, compressed."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, 31)
    block, out = bytes(1 << 20), []
    for _ in range(size >> 20):
        out.append(deflate.compress(block))
    return b"".join(out) + deflate.flush()


LAUGHS = '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha">%s]><rss version="2.0"><channel>%s</channel></rss>' % (
    "".join('<!ENTITY a%d "%s">' % (i, "&a%s;" % (i - 1 if i else "") * 10) for i in range(12)), item(1, body="&a11;"))
XXE = ('<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "%s"><!ENTITY %% p SYSTEM "http://127.0.0.1:9/p">%%p;]>'
       '<rss version="2.0" xmlns:xi="http://www.w3.org/2001/XInclude"><channel><item><title>A headline</title><guid>g</guid>'
       '<description>&x; <xi:include href="%s" parse="text"/> ' + STORY + '</description></item></channel></rss>')

SINGLE = {
    "empty": ("skip", "a.txt", b""),
    "only a BOM": ("skip", "a.txt", b"\xef\xbb\xbf"),
    "only NULs": ("skip", "a.txt", bytes(4096)),
    "short sentences under a long title": ("ok", "a.jsonl", line(
        id="x", title=numbered(lambda i: "Aa%x Bb%x, " % (i, i), 1400), byline=numbered(lambda i: "c%x " % i, 400),
        text=numbered(lambda i: "D%x. " % i, 1 << 20)).encode()),
    "distinct names": ("ok", "a.jsonl", line(id="x", title="A headline", text=numbered(lambda i: "Aa%x Bb%x, " % (i, i), 2 << 20)).encode()),
    "distinct tokens, too many": ("ok", "a.txt", b"A headline\n\n" + numbered(lambda i: "w%x " % i, 2 << 20).encode()),
    "paragraphs of a letter": ("ok", "a.txt", b"A headline\n\n" + b"a\n\n" * (5 << 20)),
    "UTF-16 with BOM": ("ok", "a.txt", ("A headline of today\n\n" + STORY).encode("utf-16")),
    "UTF-16 without BOM": ("ok", "a.txt", ("A headline of today\n\n" + STORY).encode("utf-16-le")),
    "UTF-32": ("ok", "a.txt", ("A headline of today\n\n" + STORY).encode("utf-32")),
    "charset of 1 MB": ("ok", "a.html", b'<html><head><meta charset="' + b"x" * 1000000 + b'"></head><body><p>' + STORY.encode() * 2 + b"</p></body></html>"),
    "charset UTF-7": ("ok", "a.html", b'<html><head><meta charset="utf-7"></head><body><p>' + STORY.encode() * 2 + b"+ADw-script+AD4-</p></body></html>"),
    "title of 10 MB": ("ok", "a.html", b"<html><head><title>" + WORDS * 130000 + b"</title></head><body><p>" + STORY.encode() * 2 + b"</p></body></html>"),
    "data: of 10 MB": ("ok", "a.html", b'<html><head><base href="javascript:x"></head><body><p>' + STORY.encode() * 2 + b'</p><img src="data:image/png;base64,' + b"A" * 10000000 + b'"></body></html>'),
    "one token of 16 MB": ("ok", "a.txt", b"A headline\n\n" + STORY.encode() + b"\n\n" + b"a" * (16 << 20)),
    "10^6 combining marks on a letter": ("ok", "a.txt", b"A headline\n\n" + STORY.encode() + b" e" + "\u0301".encode() * 1000000),
    "400,000 attributes": ("ok", "a.html", ("<html><body><p %s>%s</p></body></html>" % ("".join("a%d=1 " % i for i in range(400000)), STORY * 2)).encode()),
    "6 MB of <!-": ("ok", *html("<!-", 6 << 20)),
    "quadratic blow-up": ("ok", "a.xml", ('<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "%s">]><rss version="2.0"><channel>%s</channel></rss>'
                                           % ("ha" * 50000, item(1, body="&a;" * 50000))).encode()),
    "billion laughs": ("ok", "a.xml", LAUGHS.encode()),
    "XML 300 deep": ("ok", "a.xml", b"<rss><channel>" + b"<x>" * 300 + b"</x>" * 300 + item(1).encode() + b"</channel></rss>"),
    "text node of 11 MB": ("ok", "a.xml", rss(item(1, body=(STORY * 70000)[:11000000]))[1]),
    "guid of 1 MB": ("ok", "a.xml", rss(item(1, guid="g" * 1000000))[1]),
    "no guid": ("ok", "a.xml", rss(item(1).replace("<guid>g1</guid>", ""))[1]),
    "odd dates": ("ok", "a.xml", rss("".join(item(i, date=d) for i, d in enumerate((
        "Mon, 11 Sep 0000 10:00:00 +0000", "Mon, 11 Sep 99999 10:00:00 GMT", "29 Feb 1900 00:00:00 +9999", "")))) [1]),
    "lone surrogates": ("ok", "a.jsonl", b'{"id": "x\\u0000y", "title": "A \\ud800 headline", "title": "Again", "text": ' + json.dumps(STORY).encode() + b"}\n"),
    "1e999999999": (2, *between(b'{"id": "x", "n": 1e999999999, "title": "A headline"}')),
    "NaN": (2, *between(b'{"id": "x", "n": NaN, "title": "A headline"}')),
    "CRLF and a cut line": ("ok", "a.jsonl", b"\xef\xbb\xbf" + line(id="x", title="A headline", text=STORY).encode().replace(b"\n", b"\r\n") + b'{"id": "y", "tex'),
    "line of 20 MB": ("ok", "a.jsonl", b'{"id": "long", "text": "' + b"a" * 20000000 + b'"}\n' + line(id="x", title="A headline", text=STORY).encode()),
    "gzip cut": ("skip", "a.jsonl.gz", nested_gzip(1)[:-12]),
    "gzip of a bad sum": ("ok", "a.jsonl.gz", nested_gzip(1)[:-8] + b"xxxxxxxx"),
    "garbage between members": ("ok", "a.jsonl.gz", nested_gzip(1) + b"garbage" * 20 + nested_gzip(1)),
    "gzip in gzip 50 times": ("skip", "a.jsonl.gz", nested_gzip(50)),
    "chunk of ffffffffffffffff": (1, "a.warc", warc(b"ffffffffffffffff\r\nabc\r\n0\r\n\r\n").replace(b"text/html\r\n", b"text/html\r\nTransfer-Encoding: chunked\r\n") + warc(PAGE)),
    "URI of 1 MB": ("ok", "a.warc", warc(PAGE, uri="http://example.org/" + "a" * 1000000) + warc(PAGE)),
    "URI that climbs": (2, "a.warc", warc(PAGE, uri="../../../etc/passwd\x1b[31m") + warc(PAGE)),
}
SINGLE["WARC of invalid dates"] = ("ok", "a.warc", b"".join(warc(PAGE, uri="http://example.org/%d" % i).replace(b"WARC-Type", b"WARC-Date: %s\r\nWARC-Type" % d)
                                                            for i, d in enumerate((b"", b"0000-00-00T00:00:00Z", b"99999-01-01", b"2023-02-30T25:61:61Z", b"\x1b[31m"))))
for _length in ("-1", str(2**64), "1e3", "", str(2**63)):
    SINGLE["WARC length '%s'" % _length] = ("ok", "a.warc", warc(PAGE, length=_length) + warc(PAGE, uri="http://example.org/b"))
for _by in (-7, 7):
    SINGLE["WARC length wrong by %d" % _by] = ("ok", "a.warc", warc(PAGE, length=len(PAGE) + 44 + _by) + warc(PAGE, uri="http://example.org/b"))

# Too much for every day: functions that give a name and pieces of a file.
LONG = {
    "10^7 distinct tokens": ("ok", "a.txt", lambda: [b"A headline\n\n"] + [b"".join(b"w%x " % (k * 100000 + i) for i in range(100000)) for k in range(100)]),
    "10^6 items of one guid": ("ok", "a.xml", lambda: [b"<rss><channel><title>Wire</title>"] + [item(1, guid="same", body="One.").encode() * 10000] * 100 +
                               [b"</channel></rss>"]),
    "a line of 1 GB": ("ok", "a.jsonl", lambda: [b'{"id": "long", "text": "'] + [b"a" * (1 << 20)] * 1024 + [b'"}\n', line(id="x", title="A headline", text=STORY).encode()]),
    "10^6 empty members": ("ok", "a.jsonl.gz", lambda: [gzip.compress(line(id="x", title="A headline", text=STORY).encode(), mtime=0)] +
                           [gzip.compress(b"", mtime=0) * 10000] * 100),
}

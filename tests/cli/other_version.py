# SPDX-License-Identifier: GPL-2.0-or-later
"""other_version.py INDEX HEX: gives the first segment the version of these four bytes, with all sums as they should be
(doc/format.md, 2 and 3)."""
import struct
import sys

TABLE = []
for i in range(256):
    for _ in range(8):
        i = i >> 1 ^ (0x82F63B78 if i & 1 else 0)
    TABLE.append(i)


def crc(data, before=0):
    c = ~before & 0xFFFFFFFF
    for byte in data:
        c = c >> 8 ^ TABLE[(c ^ byte) & 255]
    return ~c & 0xFFFFFFFF


folder, version = sys.argv[1], bytes.fromhex(sys.argv[2])
lines = open(folder + "/MANIFEST").read().split("\n")
at = next(i for i, line in enumerate(lines) if line.startswith("file\tseg-"))
fields = lines[at].split("\t")
path = folder + "/" + fields[1]
data = bytearray(open(path, "rb").read())
pages = (len(data) + 4099) // 4100
ident = struct.unpack_from("<Q", data, 16)[0]
end = len(data) - 4 * pages
first = crc(data[:min(4096, end)], crc(struct.pack("<QQ", ident, 0)))
assert first == struct.unpack_from("<I", data, end)[0], "the sums are not as the format says"
data[8:12] = version
struct.pack_into("<I", data, end, crc(data[:min(4096, end)], crc(struct.pack("<QQ", ident, 0))))
open(path, "wb").write(data)
fields[5] = "%08x" % crc(data[end:], crc(struct.pack("<QQ", ident, 2**64 - 1)))
lines[at] = "\t".join(fields)
text = "\n".join(lines[:-2]) + "\n"
open(folder + "/MANIFEST", "w").write(text + "sum\t%08x\n" % crc(text.encode()))

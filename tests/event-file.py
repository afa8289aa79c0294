# SPDX-License-Identifier: MIT
"""event-file.py FILE: the records of a TensorBoard event file, one a line: step, tag, value. Every checksum is checked."""
import struct
import sys

TABLE = []
for i in range(256):
    for _ in range(8):
        i = i >> 1 ^ (0x82F63B78 if i & 1 else 0)
    TABLE.append(i)


def crc32c(data):
    crc = 0xFFFFFFFF
    for b in data:
        crc = TABLE[(crc ^ b) & 255] ^ crc >> 8
    return crc ^ 0xFFFFFFFF


assert crc32c(b"123456789") == 0xE3069283


def masked(data):
    crc = crc32c(data)
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def varint(data, at):
    n = shift = 0
    while True:
        n |= (data[at] & 127) << shift
        shift += 7
        at += 1
        if data[at - 1] < 128:
            return n, at


def fields(data):
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        wire = key & 7
        if wire == 0:
            value, at = varint(data, at)
        elif wire == 1:
            value, at = struct.unpack("<d", data[at : at + 8])[0], at + 8
        elif wire == 5:
            value, at = struct.unpack("<f", data[at : at + 4])[0], at + 4
        else:
            assert wire == 2, wire
            n, at = varint(data, at)
            value, at = data[at : at + n], at + n
            assert len(value) == n
        yield key >> 3, value


def text_of(tensor):
    return dict(fields(tensor))[8].decode()


raw, at = open(sys.argv[1], "rb").read(), 0
while at < len(raw):
    head = raw[at : at + 8]
    (n,) = struct.unpack("<Q", head)
    assert struct.unpack("<I", raw[at + 8 : at + 12])[0] == masked(head)
    event = raw[at + 12 : at + 12 + n]
    assert struct.unpack("<I", raw[at + 12 + n : at + 16 + n])[0] == masked(event)
    at += 16 + n
    e = dict(fields(event))
    if 3 in e:
        print("version", e[3].decode())
    for _, value in fields(e.get(5, b"")):
        v = dict(fields(value))
        plugin = dict(fields(dict(fields(v[9]))[1]))[1].decode() if 9 in v else ""
        shown = "%.6g" % v[2] if 2 in v else text_of(v[8]) if 8 in v else ""
        print(e.get(2, 0), v[1].decode(), plugin, shown)
        if plugin == "hparams":
            content = dict(fields(dict(fields(dict(fields(v[9]))[1]))[2]))
            for number, entry in fields(content.get(3, b"")):
                if number == 1:
                    entry = dict(fields(entry))
                    (kind, what) = next(fields(entry[2]))
                    print("hparam", entry[1].decode(), what if kind == 2 else what.decode())

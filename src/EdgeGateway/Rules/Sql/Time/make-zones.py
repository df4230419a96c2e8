#!/usr/bin/env python3
"""Writes zones.bin from a compiled tz database (https://www.iana.org/time-zones, public domain).

usage: make-zones.py /usr/share/zoneinfo zones.bin

Content, gzip-compressed: per distinct zone
  u16 count of names, then each name as u8 length + ASCII,
  u32 length, then the 64-bit part of the TZif file (RFC 8536) from its second header on.
All numbers big-endian. Run again when governments change their clocks.
"""
import gzip
import os
import struct
import sys

root, target = sys.argv[1], sys.argv[2]
zones = {}
for folder, folders, files in os.walk(root):
    folders[:] = sorted(f for f in folders if f not in ("posix", "right"))
    for file in sorted(files):
        path = os.path.join(folder, file)
        data = open(path, "rb").read()
        name = os.path.relpath(path, root)
        if data[:4] != b"TZif" or name in ("localtime", "posixrules"):
            continue
        isutc, isstd, leap, times, types, chars = struct.unpack(">6I", data[20:44])
        second = 44 + times * 4 + times + types * 6 + chars + leap * 8 + isstd + isutc
        zones.setdefault(data[second:], []).append(name)
out = bytearray()
for data, names in sorted(zones.items(), key=lambda zone: zone[1]):
    out += struct.pack(">H", len(names))
    for name in names:
        out += bytes([len(name)]) + name.encode("ascii")
    out += struct.pack(">I", len(data)) + data
with open(target, "wb") as file:
    file.write(gzip.compress(bytes(out), 9, mtime=0))
print(f"{len(zones)} zones, {sum(map(len, zones.values()))} names, {os.path.getsize(target)} bytes")

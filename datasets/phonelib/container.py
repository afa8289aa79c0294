# SPDX-License-Identifier: MIT
"""The data set as safetensors; src/data/dataset.h says what is in it."""

import json
import struct

WIDTH = {"I64": 8, "I32": 4, "I8": 1, "U8": 1}
PACK = {"I64": "q", "I32": "i", "I8": "b", "U8": "B"}


def write(path, metadata, tensors):
    """metadata: text → text. tensors: (name, dtype, shape, list of numbers or bytes), widest first."""
    header, data = {"__metadata__": metadata}, bytearray()
    for name, dtype, shape, values in tensors:
        assert len(data) % WIDTH[dtype] == 0, "tensors go widest first"
        raw = values
        if not isinstance(values, bytes):
            raw = struct.pack("<%d%s" % (len(values), PACK[dtype]), *values)
        count = 1
        for n in shape:
            count *= n
        assert len(raw) == count * WIDTH[dtype], name
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header, ensure_ascii=True, separators=(",", ":")).encode("ascii")
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)

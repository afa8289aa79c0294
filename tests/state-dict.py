# SPDX-License-Identifier: MIT
"""state-dict.py FILE KIND: what torch.save writes of a state dict, without PyTorch.

mlp: a homework-like model of two blocks, 8 wide, on 39 inputs; nested: a dictionary of it; evil: a call of os.system;
short: a storage that is too small.
"""
import collections
import pickle
import struct
import sys
import types
import zipfile

torch, utils = types.ModuleType("torch"), types.ModuleType("torch._utils")
for name in ("FloatStorage", "DoubleStorage", "LongStorage", "BFloat16Storage"):
    kind = type(name, (), {"__module__": "torch"})
    setattr(torch, name, kind)


def _rebuild_tensor_v2(*arguments):
    return arguments


_rebuild_tensor_v2.__module__ = "torch._utils"
utils._rebuild_tensor_v2 = _rebuild_tensor_v2
sys.modules.update({"torch": torch, "torch._utils": utils})
code = {"FloatStorage": "f", "DoubleStorage": "d", "LongStorage": "q"}


class Storage:
    def __init__(self, kind, values):
        self.kind, self.values = kind, values

    def bytes(self):
        if self.kind == "BFloat16Storage":
            return b"".join(struct.pack("<f", v)[2:] for v in self.values)
        return struct.pack("<%d%s" % (len(self.values), code[self.kind]), *self.values)


class Tensor:
    def __init__(self, storage, offset, size, stride):
        self.arguments = (storage, offset, size, stride, False, collections.OrderedDict())

    def __reduce__(self):
        return _rebuild_tensor_v2, self.arguments


class Evil:
    def __reduce__(self):
        import os

        return os.system, ("touch executed",)


def dense(rows, columns, first, kind="FloatStorage"):
    values = [((first + i) % 17 - 8) / 16 for i in range(rows * max(columns, 1))]
    return Tensor(Storage(kind, values), 0, (rows, columns) if columns else (rows,), (columns, 1) if columns else (1,))


def model():
    d = collections.OrderedDict()
    d["fc.0.block.0.weight"] = dense(8, 39, 0)
    d["fc.0.block.0.bias"] = dense(8, 0, 3, "DoubleStorage")
    d["fc.1.block.0.weight"] = Tensor(Storage("FloatStorage", [i / 64 for i in range(70)]), 4, (8, 8), (1, 8))  # turned
    d["fc.1.block.0.bias"] = dense(8, 0, 5, "BFloat16Storage")
    d["fc.2.weight"] = dense(41, 8, 7)
    d["fc.2.bias"] = dense(41, 0, 1)
    d["fc.2.num_batches_tracked"] = Tensor(Storage("LongStorage", [12]), 0, (), ())
    d._metadata = collections.OrderedDict([("", {"version": 1}), ("fc", {"version": 1})])
    return d


def save(path, what):
    storages = []

    class Pickler(pickle._Pickler):  # the one in Python, which may be told of storages
        def persistent_id(self, o):
            if not isinstance(o, Storage):
                return None
            storages.append(o)
            return ("storage", getattr(torch, o.kind), str(len(storages) - 1), "cpu", len(o.values))

    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as z:
        with z.open("model/data.pkl", "w") as f:
            Pickler(f, protocol=2).dump(what)
        for i, s in enumerate(storages):
            z.writestr("model/data/%d" % i, s.bytes())
        z.writestr("model/version", "3\n")


path, kind = sys.argv[1:]
d = model()
if kind == "short":
    d["fc.0.block.0.weight"] = Tensor(Storage("FloatStorage", [0.0] * 100), 0, (8, 39), (39, 1))
save(path, {"mlp": d, "nested": {"model": d}, "evil": Evil(), "short": d}[kind])

# SPDX-License-Identifier: MIT
"""onnx-eval.py MODEL DATA CONTEXT: mean cross-entropy and accuracy of an ONNX model over the test frames of a data set, by
numpy alone; the model is checked first."""
import json
import struct
import sys

import numpy as np
import onnx
from onnx import numpy_helper

model = onnx.load(sys.argv[1])
onnx.checker.check_model(model, full_check=True)
context = int(sys.argv[3])


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def erf(x):  # Abramowitz and Stegun 7.1.26 would do 1.5e-7; the standard library is exact
    import math

    return np.vectorize(math.erf)(x)


def step(op, pre, hidden, h, c, r, rb):
    if op == "RNN":
        return np.tanh(pre + h @ r.T + rb), c
    if op == "LSTM":
        i, o, f, g = np.split(pre + h @ r.T + rb, 4, axis=-1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        return sigmoid(o) * np.tanh(c), c
    x, u = np.split(pre, 3, axis=-1), np.split(h @ r.T + rb, 3, axis=-1)
    z, reset = sigmoid(x[0] + u[0]), sigmoid(x[1] + u[1])
    return (1 - z) * np.tanh(x[2] + reset * u[2]) + z * h, c


def recurrent(op, x, w, r, b, hidden):
    directions, out = w.shape[0], []
    for d in range(directions):
        order = range(x.shape[0]) if d == 0 else range(x.shape[0] - 1, -1, -1)
        wb, rb = np.split(b[d], 2)
        h = c = np.zeros((x.shape[1], hidden))
        y = np.zeros((x.shape[0], x.shape[1], hidden))
        for t in order:
            h, c = step(op, x[t] @ w[d].T + wb, hidden, h, c, r[d], rb)
            y[t] = h
        out.append(y)
    return np.stack(out, axis=1)


def run(node, a, x):
    op = node.op_type
    if op in ("RNN", "LSTM", "GRU"):
        return recurrent(op, *x[:4], a["hidden_size"])
    if op == "BatchNormalization":
        shape = (1, -1) + (1,) * (x[0].ndim - 2)
        s, b, m, v = (t.reshape(shape) for t in x[1:])
        return (x[0] - m) / np.sqrt(v + a["epsilon"]) * s + b
    if op == "LayerNormalization":
        m, v = x[0].mean(-1, keepdims=True), x[0].var(-1, keepdims=True)
        return (x[0] - m) / np.sqrt(v + a["epsilon"]) * x[1] + x[2]
    return {
        "Gemm": lambda: x[0] @ x[1].T + x[2],
        "MatMul": lambda: x[0] @ x[1],
        "Add": lambda: x[0] + x[1],
        "Mul": lambda: x[0] * x[1],
        "Relu": lambda: np.maximum(x[0], 0),
        "LeakyRelu": lambda: np.where(x[0] > 0, x[0], a.get("alpha", 0) * x[0]),
        "Elu": lambda: np.where(x[0] > 0, x[0], np.expm1(np.minimum(x[0], 0))),
        "Tanh": lambda: np.tanh(x[0]),
        "Sigmoid": lambda: sigmoid(x[0]),
        "Erf": lambda: erf(x[0]),
        "Transpose": lambda: x[0].transpose(a["perm"]),
        "Reshape": lambda: x[0].reshape([x[0].shape[i] if n == 0 else n for i, n in enumerate(x[1])]),
        "Gather": lambda: np.take(x[0], x[1], axis=a["axis"]),
        "Identity": lambda: x[0],
    }[op]()


def logits(frames):
    values = {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}
    values = {k: v.astype(float) if v.dtype == np.float32 else v for k, v in values.items()}
    values["frames"] = frames
    for node in model.graph.node:
        a = {p.name: onnx.helper.get_attribute_value(p) for p in node.attribute}
        values[node.output[0]] = run(node, a, [values[i] for i in node.input])
    return values["logits"]


raw = open(sys.argv[2], "rb").read()
size = struct.unpack("<Q", raw[:8])[0]
head = json.loads(raw[8 : 8 + size])


def tensor(name, kind):
    begin, end = head[name]["data_offsets"]
    return np.frombuffer(raw[8 + size + begin : 8 + size + end], kind).reshape(head[name]["shape"])


scale = float(head["__metadata__"]["scale"])
features, labels = tensor("features", "i1") * scale, tensor("labels", "u1")
bounds, role = tensor("bounds", "<i8"), tensor("role", "u1")
loss = correct = count = 0
for u in [u for u in range(len(role)) if role[u] == 2]:
    n = bounds[u + 1] - bounds[u]
    at = np.clip(np.arange(n)[:, None] + np.arange(context) - context // 2, 0, n - 1) + bounds[u]
    x = features[at]
    if len(model.graph.input[0].type.tensor_type.shape.dim) == 2:
        x = x.reshape(n, -1)
    z, y = logits(x), labels[bounds[u] : bounds[u + 1]]
    z = z - z.max(-1, keepdims=True)
    loss += (np.log(np.exp(z).sum(-1)) - z[np.arange(n), y]).sum()
    correct += (z.argmax(-1) == y).sum()
    count += n
print("%.6f %.6f" % (loss / count, correct / count))

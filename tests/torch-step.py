#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""torch-step.py strong|small|bilstm|bilstm-all [STEPS]: the median time of a training step in PyTorch, in ms."""
import statistics
import sys
import time

import torch
from torch import nn

case, steps = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 20
torch.manual_seed(0)


class Recurrent(nn.Module):
    """The last step of a recurrent network, classified, or all of them."""

    def __init__(self, every):
        super().__init__()
        self.every = every
        self.body = nn.LSTM(39, 256, 2, batch_first=True, bidirectional=True)
        self.head = nn.Linear(512, 41)

    def forward(self, x):
        h = self.body(x)[0]
        return self.head(h.flatten(0, 1) if self.every else h[:, -1])


def chain(widths, hidden):
    layers = []
    for i, o in zip(widths[:-2], widths[1:-1]):
        layers += [nn.Linear(i, o)] + hidden(o)
    return nn.Sequential(*layers, nn.Linear(*widths[-2:]))


if case == "strong":
    net = chain([741, 1024, 1024, 1024, 41], lambda w: [nn.ReLU(), nn.BatchNorm1d(w), nn.Dropout(0.2)])
    x = torch.randn(512, 741)
elif case == "small":
    net, x = chain([429, 256, 256, 41], lambda w: [nn.ReLU()]), torch.randn(512, 429)
elif case in ("bilstm", "bilstm-all"):
    net, x = Recurrent(case == "bilstm-all"), torch.randn(128, 19, 39)
else:
    sys.exit(__doc__)

y = torch.randint(0, 41, (net(x).shape[0],))
optimizer, loss_of = torch.optim.AdamW(net.parameters(), 1e-4), nn.CrossEntropyLoss()
times = []
for step in range(steps + 3):
    start = time.perf_counter()
    optimizer.zero_grad()
    loss_of(net(x), y).backward()
    optimizer.step()
    if step >= 3:
        times.append(time.perf_counter() - start)
print("%s: %.2f ms a step" % (case, 1000 * statistics.median(times)))

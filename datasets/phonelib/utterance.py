# SPDX-License-Identifier: MIT
"""An utterance on its way from samples and times to frames and labels."""

import hashlib
import wave
from dataclasses import dataclass

import numpy

from .classes import SIL, frame_labels

RATE, HOP = 16000, 160
MARGIN = 15 * HOP  # of the silence at either end, 150 ms are kept
NOISE = 3e-4 * 32768  # rms; keeps a synthesizer's silence from being digital zero


@dataclass
class Utterance:
    name: str  # VOICE/KEY
    text: str
    speaker: str
    source: str
    samples: bytes  # 16-bit mono
    segments: list  # (end in seconds, class)
    role: int = 0
    labels: bytes = b""

    @property
    def voice(self):
        return self.name.partition("/")[0]


def digest(text):
    """64 bits that depend on the text only: order and seeds that look random and never change."""
    return int.from_bytes(hashlib.sha256(text.encode("utf-8")).digest()[:8], "big")


def trim(u):
    """Cut silence off both ends, in whole frames, so that the times stay on the same grid."""
    spoken = [i for i, (_, c) in enumerate(u.segments) if c != SIL]
    first = u.segments[spoken[0] - 1][0] if spoken[0] > 0 else 0
    start = max(0, int(first * RATE) - MARGIN) // HOP * HOP
    end = int(u.segments[spoken[-1]][0] * RATE) + MARGIN
    u.samples = u.samples[2 * start : 2 * end]
    u.segments = [(t - start / RATE, c) for t, c in u.segments]


def label(u):
    count = len(u.samples) // 2
    u.labels = frame_labels(u.segments, 1 + (count - 400) // HOP if count >= 400 else 0)


def save(u, path):
    """As a wav file, a little noise added that depends on the utterance's name only."""
    noise = numpy.random.Generator(numpy.random.PCG64(digest(u.name))).standard_normal(len(u.samples) // 2)
    samples = numpy.frombuffer(u.samples, "<i2") + NOISE * noise
    with wave.open(path, "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(numpy.clip(numpy.rint(samples), -32768, 32767).astype("<i2").tobytes())

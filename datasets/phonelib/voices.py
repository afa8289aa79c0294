# SPDX-License-Identifier: MIT
"""Sentences said by synthesizers, with the time of each phone as they give it."""

import os
import subprocess

from .classes import synth_class
from .prompts import decode

# By how much, in seconds, a voice's sound changes after its labels say so. Measured: where the short-time
# spectrum changes fastest around the labels' times (1.25 ms steps), and by how far the frames would have to
# move for a classifier trained on the aligned prompts to like their labels best; the mean of both. kal16's
# cancel out. (What the prompts' aligner does is the reference.)
LAG = {"awb": -0.004, "rms": -0.004, "slt": -0.004, "kallpc": 0.005, "ked": 0.002, "slt-hts": 0.002}

# What festival calls its voices.
FESTIVAL = {"kallpc": "voice_kal_diphone", "ked": "voice_ked_diphone", "slt-hts": "voice_cmu_us_slt_arctic_hts"}


def flite(voice, sentences, folder):
    """[(samples in bytes, segments)] of the sentences. flite prints the phones as name:end in seconds."""
    out = []
    wave = os.path.join(folder, "flite.wav")
    for text in sentences:
        command = ["flite", "-voice", voice, "-psdur", "-t", text, "-o", wave]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        segments = []
        for item in done.stdout.split():
            phone, _, end = item.rpartition(":")
            segments.append((float(end), synth_class(phone)))
        out.append((decode(wave), segments))
    return out


def read_segments(path):
    """festival's label file: after a line "#", lines of end, colour and phone."""
    with open(path, encoding="ascii") as lines:
        rows = [line.split() for line in lines if not line.startswith("#")]
    return [(float(end), synth_class(phone)) for end, _, phone in rows]


def festival(voice, sentences, folder):
    """The same by festival, all in one process."""
    base = [os.path.join(folder, "%s-%d" % (voice, i)) for i in range(len(sentences))]
    lines = ["(%s)" % FESTIVAL[voice]]
    for name, text in zip(base, sentences):
        lines.append('(set! u (SynthText "%s"))' % text)
        lines.append('(utt.save.wave u "%s.wav" \'riff)' % name)
        lines.append('(utt.save.segs u "%s.lab")' % name)
    script = os.path.join(folder, voice + ".scm")
    with open(script, "w", encoding="ascii") as file:
        file.write("\n".join(lines) + "\n")
    subprocess.run(["festival", "-b", script], check=True)
    return [(decode(name + ".wav"), read_segments(name + ".lab")) for name in base]


def speak(voice, sentences, folder):
    lag = LAG.get(voice, 0)
    said = (festival if voice in FESTIVAL else flite)(voice, sentences, folder)
    return [(samples, [(end + lag, c) for end, c in segments]) for samples, segments in said]

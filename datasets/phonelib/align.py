# SPDX-License-Identifier: MIT
"""Forced alignment with PocketSphinx, in two passes: the words of the transcript, with their variants and
optional silences between them; then the phones found, one path, for the times of each."""

import os
import tempfile

from pocketsphinx import Decoder

from .classes import CLASSES, NUMBER, SIL

MODEL = "/usr/share/pocketsphinx/model/en-us/en-us"

# The recognizer's frame i has its centre at 10·i + 12.5 ms, like ours: a segment ends half a frame later
# than the centre of its last one.
def segment_end(last):
    return last * 0.01 + 0.0175



def make_decoder(dictionary, silences):
    """A decoder over (word, phones) lines, with beams so wide that nothing is pruned. silences: whether it
    may put a silence or a noise between any two words."""
    with tempfile.NamedTemporaryFile("w", suffix=".dict") as file:
        file.write("".join("%s %s\n" % line for line in dictionary))
        file.flush()
        config = Decoder.default_config()
        config.set_string("-hmm", MODEL)
        config.set_string("-dict", file.name)
        config.set_string("-logfn", os.devnull)
        for beam in ("-beam", "-wbeam", "-pbeam"):
            config.set_float(beam, 1e-120)
        for off in ("-remove_silence", "-bestpath", "-dither"):
            config.set_boolean(off, False)
        config.set_boolean("-fsgusefiller", silences)
        return Decoder(config)


def run(decoder, names, samples):
    """The segments [(word, first frame, last frame)] of one path through `names`, or None."""
    decoder.set_jsgf_string("path", "#JSGF V1.0;\ngrammar path;\npublic <path> = %s;\n" % " ".join(names))
    decoder.set_search("path")
    decoder.start_utt()
    decoder.process_raw(samples, False, True)
    decoder.end_utt()
    if decoder.hyp() is None:
        return None
    segments = [(s.word, s.start_frame, s.end_frame) for s in decoder.seg()]
    said = [w.partition("(")[0] for w, _, _ in segments]
    return segments if [w for w in said if w in set(names)] == names else None


class Aligner:
    """pronunciations: word → list of phone strings. Words are numbered, since a grammar's names are not
    as free as a transcript's."""

    def __init__(self, pronunciations):
        self.ids, lines, self.phones = {}, [], {}
        for i, (word, ways) in enumerate(sorted(pronunciations.items())):
            self.ids[word] = "w%d" % i
            for n, way in enumerate(ways):
                name = "w%d" % i + ("(%d)" % (n + 1) if n else "")
                lines.append((name, way))
                self.phones[name] = way.split()
        self.words = make_decoder(lines, True)
        self.singles = make_decoder([(c + "_", c) for c in CLASSES[2:]] + [("SIL_", "SIL")], False)

    def align(self, words, samples):
        """Segments [(end in seconds, class)] of the samples, or None where the words do not fit."""
        found = run(self.words, [self.ids[w] for w in words], samples)
        if found is None:
            return None
        path = []
        for name, _, _ in found:
            path += self.phones.get(name, ["SIL"])
        path = [p for i, p in enumerate(path) if p != "SIL" or i == 0 or path[i - 1] != "SIL"]
        found = run(self.singles, [p + "_" for p in path], samples)
        if found is None:
            return None
        return [(segment_end(last), NUMBER.get(name.rstrip("_"), SIL)) for name, _, last in found]

# SPDX-License-Identifier: MIT
"""The classes of the homework, in its order, and the names that voices and dictionaries use for them."""

CLASSES = (
    "SIL SPN S UW T N K Y Z AO AY SH W NG EY B CH OY JH D ZH G UH F V ER AA IH M DH L AH P OW AW HH AE R TH IY EH"
).split()

NUMBER = {name: i for i, name in enumerate(CLASSES)}
SIL = NUMBER["SIL"]

# Festival and flite write ARPAbet in lower case and know a few sounds more than the homework.
SYNTH_NAMES = {"pau": "SIL", "h#": "SIL", "brth": "SIL", "ax": "AH", "axr": "ER", "dx": "T", "nx": "N", "hv": "HH"}
SYNTH_NAMES.update({"el": "L", "em": "M", "en": "N"})


def synth_class(phone):
    """The class of a synthesizer's phone; KeyError for one not known."""
    return NUMBER[SYNTH_NAMES.get(phone, phone.upper())]


def frame_labels(segments, frames):
    """The class of each frame: that of the segment its centre, 10·t + 12.5 ms, falls into. Segments are
    (end in seconds, class); what lies beyond the last one takes its class."""
    out, at = bytearray(), 0
    for t in range(frames):
        centre = (160 * t + 200) / 16000
        while at + 1 < len(segments) and segments[at][0] <= centre:
            at += 1
        out.append(segments[at][1])
    return bytes(out)

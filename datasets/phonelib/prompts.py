# SPDX-License-Identifier: MIT
"""The Asterisk core sounds: their transcripts as words with pronunciations, and their samples."""

import gzip
import os
import re
import subprocess

SOUNDS = "/usr/share/asterisk/sounds/en_US_f_Allison"
TRANSCRIPTS = "/usr/share/doc/asterisk-core-sounds-en/core-sounds-en.txt.gz"
DICTIONARY = "/usr/share/pocketsphinx/model/en-us/cmudict-en-us.dict"

# Tones and silence have a remark for a transcript; these have a tone at the end as well as words.
NOT_SPEECH_ONLY = {"vm-intro"}

LETTERS = dict(
    a="EY", b="B IY", c="S IY", d="D IY", e="IY", f="EH F", g="JH IY", h="EY CH", i="AY", j="JH EY", k="K EY",
    l="EH L", m="EH M", n="EH N", o="OW", p="P IY", q="K Y UW", r="AA R", s="EH S", t="T IY", u="Y UW", v="V IY",
    w="D AH B AH L Y UW", x="EH K S", y="W AY", z="Z IY",
)  # fmt: skip

# Said as letters, one after the other.
SPELLED = set("pbx ivr ip iax misdn mgcp nbs usb www a.m p.m h q z d m i s n b".split())

# What the transcript has wrong or in figures, as it is said.
AS_SAID = {
    "umute": "unmute", "represenatives": "representatives", "witheld": "withheld", "indentified": "identified",
    "fourtieth": "fortieth", "thru": "through", "exclaimation": "exclamation", "xray": "x_ ray",
    "h.323": "h three two three",
    "3d": "three d", "28.8": "twenty eight point eight", "500": "five hundred", "600": "six hundred",
    "1234": "one two three four", "4242": "four two four two", "8500": "eighty five hundred", "*": "star",
    "#": "pound", "www.asterisk.org": "www dot asterisk dot org", "9_p": "niner", "iax2": "iax",
}  # fmt: skip
DIGITS = dict(zip("0123456789", "zero one two three four five six seven eight nine".split()))

# Further ways to say a word; the aligner chooses.
VARIANTS = {
    "sip": ["S IH P"], "dahdi": ["D AA D IY"], "unistim": ["Y UW N IH S T IH M"], "iax": ["IY AE K S", "AY AE K S"],
    "linux": ["L IH N AH K S"], "digium": ["D IH JH IY AH M"], "unmute": ["AH N M Y UW T"],
    "unmuted": ["AH N M Y UW T IH D", "AH N M Y UW T AH D"], "the": ["DH IY"], "a": ["AH", "EY"],
    "caret": ["K AE R AH T"], "rerecord": ["R IY R IH K AO R D"], "undeleted": ["AH N D IH L IY T IH D"],
    "forevermore": ["F ER EH V ER M AO R", "F AO R EH V ER M AO R"],
}  # fmt: skip


def transcripts():
    """(id, text) of every prompt that is speech, sorted."""
    out = []
    with gzip.open(TRANSCRIPTS, "rt", encoding="utf-8") as lines:
        for line in lines:
            key, colon, text = line.strip().partition(": ")
            text = re.sub(r"[\[(][^\])]*[\])]|<[^>]*>", " ", text)
            if not colon or line.startswith(";") or key in NOT_SPEECH_ONLY or not re.search(r"[a-zA-Z0-9]", text):
                continue
            if os.path.exists(source(key)):
                out.append((key, text))
    return sorted(out)


def source(key):
    return "%s/%s.g722" % (SOUNDS, key)


def words(key, text):
    """The transcript as a list of words in lower case; a letter's name is the letter and an underscore."""
    out = []
    for token in re.findall(r"[a-z0-9.']+|[*#]", text.lower()):
        token = token.strip(".'")
        for word in AS_SAID.get(token, DIGITS.get(token, token)).split():  # "" for an ellipsis
            pronoun = word == "i" and len(text) > 1
            if word in SPELLED and not pronoun or key.startswith("letters/") and len(word) == 1:
                out += [letter + "_" for letter in word.replace(".", "")]
            else:
                out.append(word)
    return out


def read_dictionary():
    """word → list of pronunciations, of the recognizer's dictionary."""
    out = {}
    with open(DICTIONARY, encoding="utf-8") as lines:
        for line in lines:
            word, _, phones = line.strip().partition(" ")
            out.setdefault(re.sub(r"\(\d+\)$", "", word), []).append(phones)
    return out


def guess(word):
    """By flite's letter-to-sound rules."""
    command = ["flite", "-voice", "slt", "-ps", "-t", word, "-o", "/dev/null"]
    said = subprocess.run(command, capture_output=True, text=True, check=True)
    rename = {"ax": "AH", "axr": "ER", "dx": "T"}
    return " ".join(rename.get(p, p.upper()) for p in said.stdout.split() if p != "pau")


def pronunciations(vocabulary):
    """word → list of pronunciations, for every word."""
    known, out = read_dictionary(), {}
    for word in sorted(vocabulary):
        ways = [LETTERS[word[0]]] if word.endswith("_") else known.get(word, []) + VARIANTS.get(word, [])
        out[word] = list(dict.fromkeys(ways)) or [guess(word)]
    return out


def decode(path, rate=16000):
    """Any recording as 16-bit mono samples at 16 kHz, in bytes."""
    command = ["ffmpeg", "-v", "error", "-nostdin", "-bitexact", "-i", path]
    command += ["-f", "s16le", "-ac", "1", "-ar", str(rate), "-"]
    return subprocess.run(command, capture_output=True, check=True).stdout

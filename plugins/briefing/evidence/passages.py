"""The words of a source that carry a claim: found by shared words, cut to at most 40, with their place."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..model import Passage
from .reading import Line, Reading, Sources, gist
from .words import count

#: A passage shows enough to judge a sentence by, and is short enough to be a fair quotation.
LONGEST = 40
#: A second sentence joins a passage where it carries at least this much more of the claim.
WORTH_A_SECOND = 0.12


@dataclass(frozen=True)
class Found:
    """The best place for a claim in one source, and how much of the claim's weight stands there."""

    reading: Reading
    lines: tuple[Line, ...]
    coverage: float

    @property
    def text(self) -> str:
        """The place's whole sentences."""
        return self.reading.text[self.lines[0].start : self.lines[-1].end]


def best(stems: frozenset[str], reading: Reading, sources: Sources) -> Found | None:
    """The sentence, or two neighbours, that carry most of the claim; None where no word is shared."""
    lines = reading.lines
    scores = sources.coverages(stems, (line.stems for line in lines))
    if not scores or max(scores) == 0:
        return None
    top = max(range(len(lines)), key=lambda i: (scores[i], -i))
    chosen: tuple[Line, ...] = (lines[top],)
    score = scores[top]
    for first in (top - 1, top):
        if first >= 0 and first + 1 < len(lines) and lines[first + 1].paragraph == lines[first].paragraph:
            pair = (lines[first], lines[first + 1])
            joined = sources.coverage(stems, pair[0].stems | pair[1].stems)
            if joined >= score + WORTH_A_SECOND:
                chosen, score = pair, joined
    return Found(reading, chosen, score)


def passage(found: Found, stems: frozenset[str], sources: Sources) -> Passage:
    """The place as a passage of at most 40 words: whole where it fits, else the stretch that carries most."""
    start, end = found.lines[0].start, found.lines[-1].end
    text = found.reading.text[start:end]
    if count(text) > LONGEST:
        a, b = _stretch(text, stems, sources)
        start, end = start + a, start + b
    return _passage(found.reading, start, end)


def around(reading: Reading, start: int, end: int) -> Passage:
    """The sentence that holds these offsets as a passage, cut around them where it is long."""
    line = next((x for x in reading.lines if x.start <= start < x.end), None)
    if line is None:
        return _passage(reading, start, end)
    low, high = line.start, max(line.end, end)
    if count(reading.text[low:high]) <= LONGEST:
        return _passage(reading, low, high)
    words = [(low + m.start(), low + m.end()) for m in re.finditer(r"\S+", reading.text[low:high])]
    first = next(i for i, w in enumerate(words) if w[1] > start)
    last = max(i for i, w in enumerate(words) if w[0] < end)
    spare = max(0, LONGEST - (last - first + 1))
    first = max(0, first - spare // 2)
    last = min(len(words) - 1, first + LONGEST - 1)
    return _passage(reading, words[first][0], words[last][1])


def _stretch(text: str, stems: frozenset[str], sources: Sources) -> tuple[int, int]:
    words = [(m.start(), m.end()) for m in re.finditer(r"\S+", text)]
    held = max(
        range(len(words) - LONGEST + 1),
        key=lambda i: (sources.weight(stems & gist(text[words[i][0] : words[i + LONGEST - 1][1]])), -i),
    )
    return words[held][0], words[held + LONGEST - 1][1]


def _passage(reading: Reading, start: int, end: int) -> Passage:
    return Passage(source=reading.id, snapshot=reading.snapshot, text=reading.text[start:end], start=start, end=end)

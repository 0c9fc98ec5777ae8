"""Sentences for the drafter: the shared splitter, and a second look at what it joins.

A full stop after an ordinary small word before a capital always ends a sentence here ("was sent. Operations Weekly asked"):
law reports have short forms such as "sent.", news does not.
"""

from __future__ import annotations

import re

from .. import sentences

_ENDS = re.compile(r"(?<=[a-z]{2}[.])\s+(?=[“\"]?[A-Z])")
_SHORT = re.compile(r"(?:^|\s)(?:[A-Za-z]{1,3}|[A-Z][a-z]+|dept|approx|e\.g|i\.e|vs|etc)\.$")


def split(text: str) -> tuple[str, ...]:
    """The sentences of plain text, in order."""
    out: list[str] = []
    for piece in sentences.split(text):
        start = 0
        for match in _ENDS.finditer(piece):
            head = piece[start : match.start()]
            if head.count("“") != head.count("”") or _SHORT.search(head):
                continue
            out.append(head)
            start = match.end()
        out.append(piece[start:])
    return tuple(p for p in out if p)

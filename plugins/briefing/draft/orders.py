"""Sentences of a page that speak to software instead of readers. They are data like all others, but no fact for a briefing.

What is found here is never shown to a model and never supports a model's sentence. The list is short and plain on purpose: it is
the outer fence. What holds is that a model has no way to set a status, name a file or add a source, and that each of its sentences is
looked up in the passages it names.
"""

from __future__ import annotations

import re

_READER = r"(?:AI|A\.I\.|LLMs?|language models?|chat ?bots?|AI assistants?|assistants?|AI agents?|crawlers?|summari[sz]ers?|bots?)"
_ORDERS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?:ignore|disregard|forget|override|bypass)\s+(?:(?:all|any|every|the|your|these|of)\s+){0,3}(?:previous|prior|above|earlier|preceding|system)\b",
        r"\b(?:ignore|disregard|forget|override|bypass)\s+(?:all\s+)?your\s+(?:instructions?|prompts?|rules|guidelines)\b",
        r"^\W*(?:system|assistant|user|developer|(?:new )?instructions?)\s*[:>\]]",
        rf"^\W*(?:note|message|notice|attention|instructions?|hello|dear|reminder)[\s,:]+(?:to\s+|for\s+)?(?:all\s+|any\s+|the\s+)?{_READER}\b.{{0,30}}[:,—-]",
        rf"\bif you are (?:an?|the)\s+{_READER}\b",
        rf"\b{_READER}\s+(?:must|should|shall|are to)\s+(?:ignore|disregard)\b",
        r"^\W*(?:please\s+)?(?:print|reveal|repeat|output|show|send|disclose)\b.{0,30}\byour\b.{0,20}\b(?:instructions?|prompts?|keys?|rules|secrets?)\b",
        r"^\W*(?:you are now|act as)\s+(?:an?|the)\b",
        r"^\W*(?:please\s+)?(?:set|mark|change|make)\b.{0,30}\bstatus\b.{0,12}\b(?:approved|published|final)\b|\bstatus\s*:\s*(?:approved|published)\b",
        r"</?\s*(?:source|sources|evidence|passages?|faults?|system|instructions?|prompt|document|data|context)\s*/?\s*>",
        r"<\|[^|]{1,30}\|>|\[/?(?:INST|SYS)\]|\bEND OF (?:PASSAGES?|DATA|CONTEXT|DOCUMENT)\b",
        r"\bcite\b\s+\S*(?:https?://|www\.)",
    )
)


def is_order(sentence: str) -> bool:
    """Whether the sentence gives orders to software that reads it."""
    return any(p.search(sentence) for p in _ORDERS)

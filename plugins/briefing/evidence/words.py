"""Words as evidence compares them: tokens with their place, short stems, and the words that carry no meaning of their own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:[’'][^\W\d_]+)*")


def listed(text: str) -> tuple[str, ...]:
    """The words of a list written as running text."""
    return tuple(text.split())


STOP = frozenset(
    listed("""a about above after again against all also although am among an and another any are around as at be because been before
    being below between both but by can could did do does doing done down during each either else even ever every few for from
    further had has have having he her here hers herself him himself his how however i if in into is it its itself just least
    less let like made make makes many may me might more most much must my myself neither no nor not now of off on once one only
    onto or other our ours out over own per put rather s same shall she should since so some still such t than that the their
    theirs them themselves then there these they this those though through thus to too toward towards under until up upon us
    very was we were what when where whether which while who whom whose why will with within without would yes yet you your
    yours said say says told according also""")
)

_IRREGULAR = {
    "said": "say", "told": "tell", "gave": "give", "given": "give", "held": "hold", "kept": "keep", "paid": "pay", "sent": "send",
    "found": "find", "bought": "buy", "built": "build", "wrote": "writ", "written": "writ", "began": "begin", "begun": "begin",
    "took": "tak", "taken": "tak", "went": "go", "gone": "go", "came": "com", "knew": "know", "known": "know", "saw": "see",
    "seen": "see", "ran": "run", "sold": "sell", "spent": "spend", "met": "meet", "led": "lead", "lost": "los",
    "loss": "los", "losses": "los", "lose": "los", "loses": "los", "won": "win",
    "grew": "grow", "grown": "grow", "rose": "ris", "risen": "ris", "fell": "fall", "fallen": "fall", "chose": "choos",
    "chosen": "choos", "drew": "draw", "drawn": "draw", "broke": "break", "broken": "break", "spoke": "speak", "spoken": "speak",
    "people": "person", "persons": "person", "children": "child", "men": "man", "women": "woman", "shut": "shut", "heard": "hear",
    "meant": "mean", "left": "leav", "felt": "feel", "thought": "think", "brought": "bring", "taught": "teach", "caught": "catch",
    "showed": "show", "shown": "show", "hidden": "hid", "driven": "driv", "drove": "driv", "agencies": "agency", "data": "data",
    "analyses": "analys", "analysis": "analys", "artificial": "artific", "percent": "percent", "businesses": "busi", "business": "busi",
}  # fmt: skip
_ENDINGS = listed("ational ations ation ments ment ances ance ences ence ities ity ions ion ers ors er or ing ed ly es s")


@dataclass(frozen=True, slots=True)
class Token:
    """A word or figure with its place in the text."""

    text: str
    stem: str
    start: int
    end: int

    @property
    def content(self) -> bool:
        """Whether it carries meaning: no function word, no bare possessive."""
        return self.text.lower() not in STOP and (len(self.stem) > 1 or self.text.isdigit())


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The word's short form, so that "requires", "required" and "requirement" meet. Not a real word."""
    low = re.sub(r"[’']s?$", "", word.lower().replace("’", "'"))
    if low in _IRREGULAR:
        return _IRREGULAR[low]
    if low and low[0].isdigit():
        return low.replace(",", "")
    if len(low) <= 3:
        return low
    if low.endswith("ies") and len(low) > 4:
        low = low[:-3] + "y"
    elif low.endswith("s") and not low.endswith(("ss", "us", "is")):
        low = low[:-1]
    for ending in _ENDINGS:
        if low.endswith(ending) and len(low) - len(ending) >= (3 if ending in {"ing", "ed", "es"} else 4):
            low = low[: -len(ending)]
            if len(low) > 3 and low[-1] == low[-2] and low[-1] not in "lsz":
                low = low[:-1]
            break
    return low[:-1] if len(low) > 3 and low[-1] in "ey" else low


@lru_cache(maxsize=4096)
def tokens(text: str) -> tuple[Token, ...]:
    """Words and figures in order."""
    return tuple(Token(m.group(), stem(m.group()), m.start(), m.end()) for m in _WORD.finditer(text))


@lru_cache(maxsize=4096)
def content(text: str) -> frozenset[str]:
    """The stems that carry meaning."""
    return frozenset(t.stem for t in tokens(text) if t.content)


def count(text: str) -> int:
    """Words as a passage's length is counted: what white space separates."""
    return len(text.split())


_SAME = str.maketrans(dict.fromkeys("“”„«»", '"') | dict.fromkeys("‘’‚", "'") | dict.fromkeys("–—‑−", "-") | dict.fromkeys("\xa0\u202f\u2009", " "))


def plain(text: str) -> str:
    """The text of the same length with one kind of quotation mark, dash and space: offsets stay."""
    return text.translate(_SAME)


def short(text: str, words: int = 14) -> str:
    """At most so many words, with an ellipsis where something was cut, for messages."""
    parts = text.split()
    return " ".join(parts) if len(parts) <= words else " ".join(parts[:words]) + " …"

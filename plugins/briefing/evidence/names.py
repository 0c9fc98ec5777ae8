"""Names in a sentence (people, organisations, laws, products) and the roles people are given.

English writes names with capitals, so a capital where no sentence begins is a name. At a sentence's start a capital says
nothing by itself; there the rest of the words decides (see `find`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile

from .words import STOP, listed, plain, tokens

#: Capitals that name nothing in particular.
GENERAL = frozenset(
    listed("""AI IT HR PR US USA U.S. UK U.K. EU E.U. CEO CFO CTO COO CIO CISO FAQ PDF ID OK TV LLM LLMs ML API APIs URL I I’m I’ll I’d I’ve Q&A GenAI
    Mr Mrs Ms Dr Prof Inc Ltd LLC Corp Co SaaS PC A.M P.M U.S U.K D.C WiFi Wi-Fi GDPR""")
)
_CALENDAR = frozenset(
    listed(
        """January February March April May June July August September October November December Monday Tuesday Wednesday Thursday
        Friday Saturday Sunday Jan Feb Mar Apr Jun Jul Aug Sept Sep Oct Nov Dec Q1 Q2 Q3 Q4"""
    )
)
_LINK = r"(?:of|for|de|van|von|der|la|le|du|di|del|&)(?:\s+the)?"
_CAP = r"(?:[A-ZÀ-Þ][\w.]*(?:[’'&-]\w+)*\w|[A-ZÀ-Þ]\.?)"
_RUN = re.compile(rf"(?<![\w-]){_CAP}(?:(?:\s+{_LINK})?\s+{_CAP})*")
_START = re.compile(r"(?:^|[.!?:;]\s+|^\W*\d{1,2}[.)]\s+)[\"'(\[]*$|[\"]$|[\"(]\s?$|\.{3}\s*$|…\s*$")
_SAYING = re.compile(
    r"\s*,?\s*(?:has\s+|have\s+|also\s+)?(?:said|says|told|wrote|writes|warned|added|argued|announced|asked|put|called|plans|expects|reported|reports|counted|counts|"
    r"estimates|estimated|declined|testified|noted|described|agreed|denied|refused|released|issued|published|requires|will|must|is|was|has|had)\b"
)
_ROLE_HEADS = listed(
    """commissioner director president chair chairman chairwoman chairperson chief officer executive manager owner founder
    co-founder cofounder partner lawyer attorney counsel professor researcher scientist analyst spokesman spokeswoman
    spokesperson secretary minister senator representative governor mayor judge justice administrator engineer adjuster
    nurse physician doctor surgeon principal superintendent supervisor treasurer controller bookkeeper accountant
    consultant adviser advisor author editor reporter economist teacher student head leader lead coordinator specialist
    auditor inspector examiner agent broker trustee dean fellow steward foreman operator technician clerk policyholder
    customer employee worker member staffer architect planner"""
)
HEADS = frozenset(_ROLE_HEADS) | {w + "s" for w in _ROLE_HEADS}
QUALIFIERS = frozenset({"vice", "deputy", "chief", "former", "acting", "assistant"})
_AFTER = re.compile(r",\s+(?:who\s+(?:is|was)\s+)?(?:the\s+|a\s+|an\s+|its\s+|their\s+|his\s+|her\s+)?(?P<role>[^,.;:“”\"()]{3,90})")
_CUT = re.compile(r"\s+(?:of|at|for|with|in|from|who|and said|said|says|told|to|on|that|which|where|since|by|as)\s+")


@dataclass(frozen=True, slots=True)
class Name:
    """A name as written, its words in small letters, and its place."""

    text: str
    words: tuple[str, ...]
    start: int
    end: int
    sure: bool = True  # False: a single word at the start of a sentence, perhaps no name

    @property
    def last(self) -> str:
        """The last word: a person is spoken of by it."""
        return self.words[-1]


@dataclass(frozen=True, slots=True)
class Role:
    """Who is called what: a person's last name and the role's words."""

    person: str
    text: str
    stems: tuple[str, ...]
    heads: frozenset[str]  # stems that say what the person is, without the field it is in


@lru_cache(maxsize=16384)
def find(text: str) -> tuple[Name, ...]:
    """The names of a sentence. Days, months, general short forms (AI, CEO) and words that only begin a sentence are left out."""
    flat = plain(text)
    out: list[Name] = []
    for run in _RUN.finditer(flat):
        out += _of_run(text, flat, run.start(), run.end())
    return tuple(out)


def _of_run(text: str, flat: str, start: int, end: int) -> Iterator[Name]:
    pieces = [(start + m.start(), start + m.end()) for m in re.finditer(r"\S+", flat[start:end])]
    begins = bool(_START.search(flat[:start]))
    if begins and pieces:
        first = flat[pieces[0][0] : pieces[0][1]].rstrip(".")
        if (
            first.lower() in STOP
            or first in _CALENDAR
            or (first.lower() in _COMMON and (len(pieces) == 1 or first.lower() in _LEADING or _links(flat, pieces[1])))
        ):
            pieces = pieces[1:]
            begins = False
            while pieces and flat[pieces[0][0] : pieces[0][1]] in {"of", "for", "the", "de", "la", "le", "&"}:
                pieces = pieces[1:]
    for part in _split(flat, pieces):
        shown = text[part[0][0] : part[-1][1]].rstrip(".")
        words = tuple(w for a, b in part for piece in re.split(r"-", flat[a:b]) if (w := bare(piece)))
        if (
            not words
            or all(any(c.isdigit() for c in flat[a:b]) for a, b in part)
            or (len(part) == 1 and (shown in GENERAL or re.sub(r"['’]s?$", "", shown) in GENERAL | _CALENDAR))
        ):
            continue
        if len(part) == 1 and shown.lower() in STOP:
            continue
        sure = not (begins and len(part) == 1 and part[0] == pieces[0]) or bool(re.search(r"[A-Z].*[A-Z]", shown)) or "'s" in flat[part[0][0] : part[0][1]]
        yield Name(shown, words, part[0][0], part[0][0] + len(shown), sure)


def _links(flat: str, piece: tuple[int, int]) -> bool:
    return flat[piece[0] : piece[1]] in {"of", "for", "de", "&"}


def pieces(name: Name) -> tuple[tuple[str, ...], ...]:
    """The parts of a name that links join ("Emilee Lindner of MTV"), each as words."""
    parts = [[bare(w) for w in re.split(r"[\s-]+", part)] for part in re.split(rf"\s+{_LINK}\s+", plain(name.text))]
    return tuple(tuple(w for w in part if w) for part in parts if any(part))


def _split(flat: str, pieces: list[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """A run without its calendar words, and in two where a possessive ends a name ("Wabash’s Department")."""
    held: list[tuple[int, int]] = []
    for a, b in pieces:
        word = flat[a:b].rstrip(".")
        if word in _CALENDAR:
            if held:
                yield held
            held = []
            continue
        held.append((a, b))
        if word.endswith(("'s", "s'")):
            yield held
            held = []
    if held:
        yield held


@lru_cache(maxsize=65536)
def bare(word: str) -> str:
    """A name's word in small letters without possessive and punctuation; "" for a linking word."""
    low = re.sub(r"'s?$", "", plain(word).lower().strip('.,;:()"')).replace(".", "")
    return "" if low in {"of", "for", "the", "&", "and"} else low


def acronym(text: str) -> str:
    """The capitals of a name of several words: WDOI of Wabash Department of Insurance (without the small words: WDI)."""
    return "".join(w[0] for w in text.split() if w[:1].isupper())


@lru_cache(maxsize=8192)
def roles(text: str) -> tuple[Role, ...]:
    """Roles given to a named person: "Karen Voss, vice president of claims" and "Commissioner Delia Hartwick"."""
    flat = plain(text)
    out: list[Role] = []
    for name in find(text):
        before = tuple(takewhile(lambda w: w in HEADS or w in QUALIFIERS, name.words))
        if before and len(name.words) > len(before) and not re.search(rf"\b{_LINK}\b", plain(name.text)) and not before[-1].endswith("s"):
            out.append(_role(name.last, " ".join(before)))
        if len(name.words) < 2 or len(name.words) > 4:
            continue
        m = _AFTER.match(flat, name.end)
        if not m:
            continue
        title = m["role"].strip()
        head = _CUT.split(title)[0]
        if any(w.strip(".'").lower() in HEADS for w in re.split(r"[\s-]", head)):
            kept = title if not re.search(r"\b(?:said|says|told|wrote)\b", title) else head
            out.append(_role(name.last, kept))
    return tuple(out)


def _role(person: str, text: str) -> Role:
    """A role without the body it is held in: that is a name and is looked for as one."""
    head = _CUT.split(text)[0]
    kept = head + " " + " ".join(t.text for t in tokens(text[len(head) :]) if t.text[0].islower())
    stems = tuple(t.stem for t in tokens(kept) if t.content and t.text.lower() not in {"company", "firm", "department", "group", "local"})
    return Role(person, text, stems, frozenset(t.stem for t in tokens(kept) if t.text.lower() in HEADS | QUALIFIERS))


def speaks(text: str, name: Name) -> bool:
    """Whether a verb of saying or doing follows the name, so that a single word at a sentence's start is a person or firm."""
    return bool(_SAYING.match(plain(text), name.end))


_LEADING = frozenset(
    listed(
        """but and or so yet if when while after before since as in on at by for from with without under over about because
        although though both each every most many some few all no"""
    )
)
_COMMON = (
    frozenset(
        listed(
            """a according across after again agencies agents all almost along already also although always an and another any anyone
        anything are article as asked at bad banks bear because before begin begins being better beyond boards both
        build bulletins businesses but buy by call carriers case cases change changes check choose claims clerks clinics
        companies consider contracts copy cost costs count courts critics customers data decide deadlines defendants
        deputy details developers did do doctors does draft drafts drivers during each early either employees employers
        enter even every everyone examiners exporters expect few filing files filed find finding findings firm firms
        first five for form former forms four from full further general get give given giving good half hand having he
        help here hiring hospitals how however i if in industry inside instead insurers insurance inventories investors
        is it its job judges keep known large last late later laws lawyers leave less let like list lists local logs
        look low main make makers making managers many maybe mere meanwhile members more most much name names near
        nearly neither never new news next no nobody none nor not note nothing notice notices now nurses of offices
        officials often old on once one only open opponents or order ordinary other others our out over owners owner
        paper part parts patients pay people perhaps physicians plaintiffs plan plans please policies policyholders
        prepare prices print privacy private public publishers put questions quite rates rather read readers recent
        records regulators remember reports reporters require required rules rule run running sales save say schools
        second see seen send serious set several shops short should show since six small so software some someone
        something soon sources staff start state states still stop students such suppliers supporters systems take
        teachers teams ten test tests than that the their them then there these they thing things think third this those
        though three through time to today together too tools top total trade training try turn two under unions until
        up use used users using usually vendors very wait was watch we were what when where whether which while who
        whoever whole why will with within without women work workers write writing yes yet you your zero"""
        )
    )
    | STOP
)

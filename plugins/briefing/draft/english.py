# ruff: noqa: E501 - a pattern is read and reviewed as one line
"""What the drafter knows of English: words, where the subject ends, which swaps keep the meaning, how long a run is copied.

No tagger stands behind this. Every rule prefers silence: where it is not sure it says None, and the caller takes another sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from .nouns import COMMON


def word_list(text: str) -> list[str]:
    """The words of a text, for lists that are read and reviewed as words."""
    return text.split()


MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTH = "|".join(MONTHS)
DATE = re.compile(rf"\b(?:(?:{_MONTH})\s+\d{{1,2}}(?:,\s+\d{{4}})?|\d{{1,2}}\s+(?:{_MONTH})(?:\s+\d{{4}})?|(?:{_MONTH})\s+\d{{4}})\b")
FULL_DATE = re.compile(rf"\b(?:({_MONTH})\s+(\d{{1,2}}),\s+(\d{{4}})|(\d{{1,2}})\s+({_MONTH})\s+(\d{{4}}))\b")
WORD = re.compile(r"[A-Za-zÀ-ÿ0-9€$£%](?:[\w’'.,-]*\w)?%?")
#: What a sentence must not lose when it is made shorter: conditions, denials, and that somebody disputes it.
NEEDED = re.compile(
    r"\b(?:unless|except|only|not|until|if|no|never|without|neither|nor|but|instead|though|although|provided|subject to|den(?:y|ies|ied)|disput\w+|reject\w*|contest\w*|alleg\w+|claim(?:s|ed)|according to|up to|may|might|could|cannot)\b|n’t\b",
    re.I,
)
STOP = frozenset(
    word_list(
        "a an the and or but nor so yet of in on at by for from to with without into onto over under about after before between during until since as than "
        "that which who whom whose what when where why how is are was were be been being am do does did done has have had having will would may might must "
        "can could should shall not no it its he his she her they their them we our us you your i me my this these those there here also only then than "
        "more most less least each every any all some such very just own same other another one two if because while although though said says say"
    )
)
MODALS = frozenset(word_list("will would may might must can could should shall cannot"))
AUX = MODALS | frozenset(word_list("is are was were has have had do does did"))
_PLURAL_AUX = frozenset(["are", "were", "have", "do"])
_SINGULAR_AUX = frozenset(["is", "was", "has", "does"])
_BASE = word_list(
    "accept add address adopt affect agree aim allow announce answer appear apply approve argue ask assume attach avoid ban become begin believe "
    "belong bring build buy calculate carry cause charge choose collect come commission compare complete concern confirm consider contain continue "
    "contract cooperate correct count cover create cut decide declare decline delete demand depend describe determine develop differ disclose discuss "
    "dispute draw drop earn employ enable end ensure enter establish examine exclude exempt expand expect explain export extend face fail fall file "
    "find finish follow form gain get give go grant grow handle happen help hire hold identify impose improve include increase inform insist install "
    "intend introduce investigate invite involve issue join judge keep know lack launch lead learn leave let lie limit list listen lose make manage "
    "mean measure meet mention miss move name need note notify object obtain occur offer open operate oppose order overrule own part pass pause pay "
    "permit place plan post prefer prepare prevent process produce propose prove provide publish pull push put qualify question raise range rank rate "
    "reach read receive recommend record reduce refer refuse reject release rely remain remove reopen repeat replace report represent require resign "
    "resolve respond restrict return reveal review rise rule run save say schedule score see seek sell send serve set settle share show sign sit solve "
    "sort speak specify spend stand start state stay stop store strike study submit suggest supply support suspend switch take teach tell tend test "
    "think total track train treat try turn update use verify wait want warn win withdraw work worry write"
)
_BASE += word_list(
    "absorb accompany account achieve acknowledge acquire act adjust admit advise aid alert alter amend amount appeal appoint approach arrange arrest "
    "arrive assess assign assist attack attend audit back balance bar base bear beat bind block blame book borrow break brief bring browse budget calm "
    "cancel capture catch cease certify chase check circulate cite claim clarify classify clear click clone close coach code coincide combine come "
    "comment commit comply conduct confuse connect consent consist consult contact contribute control convert copy correspond count crash creep "
    "criticize cross customize damage deal debate declare deduct defend define delay deliver deny deploy design detect dictate die direct disappear "
    "disclose discover dismiss dispatch display dissolve distribute divide document double doubt draft drag drift drive duplicate edit eliminate embed "
    "emerge emphasize encounter encourage enforce engage enjoy escalate escape estimate evaluate exceed exchange excuse exercise exist expire explore "
    "expose express extract fail feature feed feel fight figure fill fire fit fix flag flow focus force forecast forget forward found frame free fund "
    "gather generate govern grade guarantee guess guide halt hang happen harm hear hide host ignore imagine implement imply import impress indicate "
    "infer influence inherit inspect inspire insure intend interpret interrupt interview justify kill label land last lease lend license lift link "
    "load locate lock log lower mail maintain manufacture map mark match matter mend mention merge migrate mind minute mistake mix model modify "
    "monitor motivate mount negotiate notice number observe omit oversee owe park participate perform persuade phone photograph plead point pose "
    "possess post postpone practice praise predict present preserve press price print proceed produce prohibit promise promote prompt protect "
    "publicize punish purchase pursue qualify question quit quote race reach react realize reassign rebuild recall reckon recognize reconsider "
    "reconstruct record recover recruit redesign redirect regard register regulate rehearse relate relax remember remind rent replay reply request "
    "rescue reserve reset resist rest restore resume retain retire retrain reuse rewrite ring risk route sample satisfy scan schedule screen search "
    "secure select separate share shave shift ship shorten shrink shut sign signal skip slip slow smooth speed split spot spread staff stage stem step "
    "stick stretch strip structure struggle subtract succeed suffer suit supervise surface surprise surround survey survive suspect sustain swap "
    "tackle tape target tax telephone testify thank threaten throw tie time tire touch trace trade transcribe transfer translate transmit travel "
    "trigger trust uncover undergo understand undertake uphold upload urge value vary visit voice vote wake walk warrant waste watch weaken weigh "
    "welcome withhold wonder worsen yield"
)
_BASE = list(dict.fromkeys(_BASE))
#: Base forms that stand after a plural noun as a verb and hardly ever as a noun.
_VERBY = frozenset(
    word_list(
        "accept agree allow appear apply argue ask become begin believe belong bring buy carry choose collect come consider contain continue cover decide "
        "depend describe determine develop disappear disclose draw earn employ ensure enter examine exclude expect explain fall follow get give go grow "
        "handle happen hear hold include insist install intend keep know lack learn leave lie lose maintain make mean meet obtain occur operate own pay "
        "prefer prepare produce provide publish put read receive recommend refuse rely remain remove represent require respond say see seek seem sell send "
        "serve settle show sign sit speak spend stand stay store submit suggest support take teach tell tend think treat understand wait want win write "
        "prove face bear share fit offer run live rise oversee owe lead break help need let enable reduce improve replace struggle fail build create deliver detect "
        "prevent avoid speed cut simplify automate"
    )
)
_IRREGULAR = {
    "bear": "bore", "beat": "beat", "bind": "bound", "break": "broke", "catch": "caught", "creep": "crept", "deal": "dealt", "drive": "drove", "feed": "fed", "feel": "felt", "fight": "fought", "forget": "forgot", "hang": "hung", "hear": "heard", "hide": "hid", "lend": "lent",
    "mistake": "mistook", "oversee": "oversaw", "quit": "quit", "rebuild": "rebuilt", "reset": "reset", "rewrite": "rewrote", "ring": "rang", "shrink": "shrank", "shut": "shut", "slip": "slipped", "split": "split", "spread": "spread", "stick": "stuck", "throw": "threw", "undergo": "underwent",
    "understand": "understood", "undertake": "undertook", "uphold": "upheld", "wake": "woke", "withhold": "withheld", "retrain": "retrained", "forecast": "forecast",
    "become": "became", "begin": "began", "bring": "brought", "build": "built", "buy": "bought", "choose": "chose", "come": "came", "cut": "cut", "draw": "drew", "fall": "fell", "find": "found", "get": "got",
    "give": "gave", "go": "went", "grow": "grew", "hold": "held", "keep": "kept", "know": "knew", "lead": "led", "leave": "left", "let": "let", "lie": "lay", "lose": "lost", "make": "made", "mean": "meant",
    "meet": "met", "pay": "paid", "put": "put", "read": "read", "rise": "rose", "run": "ran", "say": "said", "see": "saw", "seek": "sought", "sell": "sold", "send": "sent", "set": "set", "show": "showed",
    "sit": "sat", "speak": "spoke", "spend": "spent", "stand": "stood", "strike": "struck", "take": "took", "teach": "taught", "tell": "told", "think": "thought", "win": "won", "withdraw": "withdrew", "write": "wrote",
}  # fmt: skip
_PARTICIPLE = {
    "begin": "begun", "choose": "chosen", "come": "come", "become": "become", "draw": "drawn", "fall": "fallen", "give": "given", "go": "gone", "grow": "grown", "know": "known", "rise": "risen", "run": "run", "see": "seen",
    "show": "shown", "speak": "spoken", "strike": "struck", "take": "taken", "withdraw": "withdrawn", "write": "written",
}  # fmt: skip
#: Past forms that are never a participle after a noun ("the firm took", never "the step took by").
_CLEAR_PAST = frozenset(
    word_list(
        "crept rang shrank underwent undertook woke threw broke drove forgot became began came drew fell gave went grew knew rose ran said saw spoke took "
        "wrote withdrew struck was were had did"
    )
)
#: Third-person forms that are also plural nouns.
_NOUNISH = frozenset(
    word_list(
        "claims reports plans notes tests charges costs names lists records needs uses questions changes answers fines deals rules signs works drafts "
        "shifts calls reviews files prices orders places posts ranks rates ranges releases results returns scores shares stores studies supplies supports "
        "terms totals tracks trains treats turns updates moves limits leads issues increases offers objects parts passes processes produces programs "
        "proposals exports exempts ends drops demands contracts cuts covers concerns causes bans aims schedules states starts stops switches waits wins "
        "sorts experts documents hires handles counts"
    )
)
_PREPOSITIONS = frozenset(
    word_list(
        "of in on at by for from to with without into onto over under about after before between during until since as than inside outside within through "
        "across among against toward towards per"
    )
)
_DETERMINERS = frozenset(
    word_list("the a an its their his her our your my this that these those each every any all some no both two three four five six seven eight nine ten")
)


_DOUBLED = frozenset(
    word_list(
        "stop drop ban plan permit prefer refer submit occur commit control bar cancel drag map scan ship skip slip spot step stem strip swap tap transfer "
        "trap trim wrap flag fit log omit equip admit"
    )
) - {"cancel"}


def past(base: str) -> str:
    """The simple past of a verb of our list."""
    if base in _IRREGULAR:
        return _IRREGULAR[base]
    if base.endswith("e"):
        return base + "d"
    if base.endswith("y") and base[-2] not in "aeiou":
        return base[:-1] + "ied"
    if base in _DOUBLED:
        return base + base[-1] + "ed"
    return base + "ed"


def participle(base: str) -> str:
    """The past participle."""
    return _PARTICIPLE.get(base, past(base))


def gerund(base: str) -> str:
    """The -ing form: use → using, run → running, die → dying."""
    if base.endswith("ie"):
        return base[:-2] + "ying"
    if base.endswith("e") and not base.endswith(("ee", "oe", "ye")):
        return base[:-1] + "ing"
    if base in _DOUBLED or base in {"run", "get", "set", "put", "cut", "sit", "win", "begin", "let", "quit", "forget", "reset"}:
        return base + base[-1] + "ing"
    return base + "ing"


def third(base: str) -> str:
    """The third person singular of the present: issue → issues."""
    if base in {"have", "be", "do"}:
        return {"have": "has", "be": "is", "do": "does"}[base]
    if base.endswith(("s", "x", "z", "ch", "sh", "o")):
        return base + "es"
    if base.endswith("y") and base[-2] not in "aeiou":
        return base[:-1] + "ies"
    return base + "s"


PAST_OF = {past(b): b for b in _BASE}
THIRD_OF = {third(b): b for b in _BASE}
BASES = frozenset(_BASE)


_ONES = word_list("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen")
_TENS = word_list("- - twenty thirty forty fifty sixty seventy eighty ninety")


def in_words(number: int) -> str:
    """A number from 0 to 99 as a word: 47 → forty-seven."""
    if number < 20:
        return _ONES[number]
    ten, one = divmod(number, 10)
    return _TENS[ten] + (f"-{_ONES[one]}" if one else "")


def us_date(day: date) -> str:
    """November 24, 2026."""
    return f"{MONTHS[day.month - 1]} {day.day}, {day.year}"


def full_dates(text: str) -> tuple[date, ...]:
    """The dates written out with their year, in order."""
    out = []
    for m in FULL_DATE.finditer(text):
        month, day, year = (m.group(1), m.group(2), m.group(3)) if m.group(1) else (m.group(5), m.group(4), m.group(6))
        try:
            out.append(date(int(year), MONTHS.index(month) + 1, int(day)))
        except ValueError:
            continue
    return tuple(out)


def weekday_before(name: str, published: date) -> date:
    """The latest day of this weekday up to the day of publication."""
    return published - timedelta(days=(published.weekday() - WEEKDAYS.index(name)) % 7)


# ------------------------------------------------------------------- words


@lru_cache(maxsize=16384)
def words(text: str) -> tuple[str, ...]:
    """The words of a text in small letters, punctuation and possessive marks off."""
    return tuple(w.lower().strip(".,’'").replace("’", "'") for w in WORD.findall(text))


@lru_cache(maxsize=16384)
def stem(word: str) -> str:
    """A rough stem: plural, -ed, -ing and -ly endings off."""
    w = word.lower().replace("’", "'").removesuffix("'s").strip("'.,")
    for end, least in (("ies", 4), ("ing", 6), ("ed", 5), ("es", 5), ("ly", 6), ("s", 4)):
        if w.endswith(end) and len(w) >= least and not w.endswith("ss"):
            w = w[: -len(end)] + ("y" if end == "ies" else "")
            break
    return w.rstrip("e") if len(w) > 4 else w


@lru_cache(maxsize=16384)
def content(text: str) -> frozenset[str]:
    """The stems of a text's words that carry meaning."""
    return frozenset(stem(w) for w in words(text) if w not in STOP and len(w) > 1)


_QUOTATION = re.compile(r"“[^“”]*”")
_MASKED = re.compile(r"\bQuotation([A-Z])\b")


def masked(text: str) -> tuple[str, tuple[str, ...]]:
    """The sentence with each quotation as one word, and the quotations: what is done to it leaves them as they are."""
    found = tuple(_QUOTATION.findall(text))
    for n, quotation in enumerate(found[:26]):
        text = text.replace(quotation, f"Quotation{chr(65 + n)}", 1)
    return text, found


def unmasked(text: str, found: Sequence[str]) -> str:
    """The sentence with its quotations again; "" where one was lost or doubled."""
    if sorted(_MASKED.findall(text)) != [chr(65 + n) for n in range(len(found))]:
        return ""
    return _MASKED.sub(lambda m: found[ord(m[1]) - 65], text)


def typographic(text: str) -> str:
    """The text with curly quotation marks and apostrophes, where straight ones can be told apart."""
    text = re.sub(r"(?<=\w)'(?=\w)|(?<=s)'(?=\s)", "’", text)
    paragraphs = text.split("\n")
    for n, paragraph in enumerate(paragraphs):
        if paragraph.count('"') and paragraph.count('"') % 2 == 0:
            paragraphs[n] = re.sub(r'"([^"]*)"', r"“\1”", paragraph)
    return "\n".join(paragraphs)


class Runs:
    """How long a run of words our text shares with any source. Words inside quotation marks do not count."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._grams: set[tuple[str, ...]] = set()
        self._long: list[tuple[str, ...]] = []
        for text in texts:
            tokens = words(text)
            self._long.append(tokens)
            for n in (6,):
                self._grams.update(tokens[i : i + n] for i in range(len(tokens) - n + 1))
        self._joined = ["\x00" + "\x00".join(t) + "\x00" for t in self._long]

    def longest(self, text: str) -> int:
        """Words in the longest run that stands in a source too (runs under six words count as five)."""
        best = 0
        for piece in re.split(r"“[^”]*”", text):
            tokens = words(piece)
            i = 0
            while i + 6 <= len(tokens):
                if tokens[i : i + 6] not in self._grams:
                    i += 1
                    continue
                n = 6
                while i + n < len(tokens) and self._has(tokens[i : i + n + 1]):
                    n += 1
                best = max(best, n)
                i += max(1, n - 5)
        return best or 5

    def _has(self, run: Sequence[str]) -> bool:
        needle = "\x00" + "\x00".join(run) + "\x00"
        return any(needle in joined for joined in self._joined)


# --------------------------------------------------------------- sentences


@dataclass(frozen=True, slots=True)
class Parts:
    """A sentence taken apart: what stands before the subject, the subject, and the rest from its finite verb on."""

    front: str  # without its comma; "" where there is none
    subject: str
    verb: str
    rest: str  # after the verb, without the final full stop

    @property
    def plural(self) -> bool | None:
        """Whether the subject is plural; None where it cannot be told."""
        return is_plural(self.subject, self.verb)


_FRONT = re.compile(
    r"^((?:In|On|At|From|Since|Until|By|For|Between|During|Under|After|Before|Within|Without|Among|Across|With|When|If|Where|Although|Though|While|Because|As|Once|Unless|Through|Over|Beyond|Asked|Of)\b[^,;:—“”]*?"
    rf"(?:(?:{_MONTH})\s+\d{{1,2}},\s+\d{{4}})?[^,;:—“”]*?),\s+(?!\d{{4}}\b)(?=\S)"
)
_RELATIVE = frozenset(word_list("who which that whose whom where what how whether why"))


@lru_cache(maxsize=16384)
def parts(sentence: str) -> Parts | None:
    """The sentence taken apart, or None where its subject or finite verb cannot be told for sure."""
    text = sentence.strip().rstrip(".")
    front = ""
    match = _FRONT.match(text)
    if match:
        front, text = match.group(1), text[match.end() :]
    tokens = text.split(" ")
    at = _finite(tokens)
    if at is None or at == 0 or at > 14:
        return None
    subject = " ".join(tokens[:at])
    if subject.count(",") == 1 or re.search(r"[;:—“”]", subject):
        return None
    return Parts(front, subject, tokens[at], " ".join(tokens[at + 1 :]))


def _finite(tokens: Sequence[str]) -> int | None:
    """Where the main clause's finite verb stands. A relative clause inside the subject takes the first verb after its pronoun."""
    owed = 0
    for i, token in enumerate(tokens):
        word = token.strip(",").lower()
        if i == 0:
            continue
        if word in _RELATIVE and not (word == "that" and tokens[i - 1].lower() in {"so", "in"}):
            owed += 1
            continue
        if not _is_finite(tokens, i):
            continue
        if owed:
            owed -= 1
            continue
        return None if token.endswith(",") else i
    return None


def _is_finite(tokens: Sequence[str], i: int) -> bool:
    if tokens[i].strip(",") == "May":
        return False  # the month
    word = tokens[i].strip(",").lower()
    before = tokens[i - 1].strip(",").lower()
    after = tokens[i + 1].lower() if i + 1 < len(tokens) else ""
    if word in AUX:
        return before not in {"to"}
    if before in _PREPOSITIONS | _DETERMINERS or (before in {"not", "to"} | MODALS):
        return False
    if word in _CLEAR_PAST:
        return True
    if word in THIRD_OF:
        return word not in _NOUNISH or before in {"it", "he", "she", "that", "who", "which"} or (after in _DETERMINERS and not before.endswith("s"))
    if word in PAST_OF:
        return after not in _PREPOSITIONS | {"by", ""} or before in {"it", "he", "she", "they", "we", "who", "that", "which"}
    if word in _VERBY and before.endswith("s") and not before.endswith(("ss", "’s", "is", "us")):
        return True
    if word in BASES:
        return before in {"they", "we", "you", "who"} or (
            before.endswith("s") and not before.endswith("ss") and after in _DETERMINERS | {"not"} and word not in {"name", "list", "plan"}
        )
    return False


def is_plural(subject: str, verb: str = "") -> bool | None:
    """Whether a noun phrase is plural, by its verb, else by its head word; None where neither tells."""
    if verb.lower() in _PLURAL_AUX:
        return True
    if verb.lower() in _SINGULAR_AUX or verb.lower() in THIRD_OF:
        return False
    head = re.split(
        r"\s+(?:of|in|on|at|for|from|to|with|that|which|who|by|under|over|below|above|licensed|used|run|made|placed|inside|outside|whose)\s+",
        " " + subject + " ",
        maxsplit=1,
    )[0].strip()
    if re.search(r"\band\b", head) and not re.match(r"(?i)(each|every|an?) ", head):
        return True
    if re.match(r"(?i)(an?|each|every|this|that|one|another|no)\b", head):
        return False
    last = head.split()[-1].strip(",").lower() if head.split() else ""
    if re.match(
        r"(?i)(the (?:two|three|four|five|six|seven|eight|nine|ten)\b|these|those|both|many|most|several|few|two|three|four|five|six|seven|eight|nine|ten|\d+)\b",
        head,
    ) and not head.lower().startswith("most of the "):
        return True
    if last in {"people", "staff", "police", "children", "women", "men"}:
        return True
    if last in {"it", "he", "she"}:
        return False
    if last in {"they", "we"}:
        return True
    if head and head.split()[-1][0].isupper():
        return True if " " not in head and re.search(r"(?:ers|ors|ants|ents|ees|ies|ions|ists|ations|ses)$", head) else None
    return last.endswith("s") and not last.endswith(("ss", "us", "is", "news"))


def capital(text: str) -> str:
    """The text with its first letter large."""
    for i, c in enumerate(text):
        if c.isalnum():
            return text[:i] + c.upper() + text[i + 1 :]
    return text


_NAMES_FIRST = re.compile(r"^(?:[A-Z][\w’'.-]*\s+(?:[A-Z&]|of [A-Z])|[A-Z]{2,}|I\b)|^[A-Z][a-z]+(?:’s)?(?= (?:" + _MONTH + r"))")
_LOWERED = frozenset(
    word_list(
        "the a an in on at by for from to with under after before between during until since as when if where although though while because once unless "
        "each every any all some no both it they he she this that these those its their there two three four five six seven eight nine ten eleven twelve "
        "twenty thirty forty fifty sixty seventy eighty ninety one most many several few another other about more fewer less only nothing nobody neither "
        "what whether how who companies insurers employers customers applicants patients clinicians workers suppliers vendors recruiters administrators "
        "inventories questions examiners supervisors reviewers recordings entries logs tools firms agents comments claims nurses callers roughly "
        "approximately nearly half within without until through over among across scores prices deployers providers high"
    )
)


def lower_first(text: str) -> str:
    """The sentence as it continues inside another: small first letter, unless a name stands there. "" where it cannot be told."""
    first = text.split(" ", 1)[0].strip(",")
    if first.lower() in _LOWERED or (first.lower().split("-")[0] in _LOWERED and "-" in first):
        return text[0].lower() + text[1:]
    if first.lower() in COMMON and not re.match(r"\S+ (?:[A-Z]|of [A-Z]|& )", text):
        return text[0].lower() + text[1:]
    if first[:1].islower() or first[:1].isdigit() or first[:1] in "$€£“":
        return text
    if _NAMES_FIRST.match(text):
        return text
    return ""

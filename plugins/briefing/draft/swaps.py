"""Words that may stand for others without changing what is said. Reviewed like code: each pair holds in every sentence it matches.

Numbers, names, dates, "not" and the strength of "may" or "will" are never touched.
"""

from __future__ import annotations

import re
from functools import lru_cache

_DAY = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
_PAIRS: tuple[tuple[str, str], ...] = (
    (r"artificial intelligence", "AI"),
    (r"approximately", "about"),
    (r"in order to", "to"),
    (r"prior to", "before"),
    (r"subsequent to", "after"),
    (r"with regard to", "on"),
    (r"more than (?=[$€£\d])", "over "),
    (r"fewer than (?=\d)", "under "),
    (r"less than (?=[$€£\d])", "under "),
    (r"(?<=\w )younger than (?=\d)", "under "),
    (r"per(?= (?:seat|shift|month|week|year|day|hour|employer|employee|user|company|system)\b)", "for each"),
    (r"for each violation", "per violation"),
    (r"each(?= (?:month|week|year|day|shift|quarter|morning|entry|report|notice|file)\b)", "every"),
    (r"every(?= (?:call|customer|system|employer|carrier|insurer|visit|recording|update)\b)", "each"),
    (r"between ([$€£]?\d[\d,.]*) and (?=[$€£]?\d)", r"from \1 to "),
    (rf"starting (?={_DAY}|on |in )", "from "),
    (r"compared with", "against"),
    (r"because", "since"),
    (r"although", "though"),
    (r"carried out", "done"),
    (r"employees(?= (?:and|who|or|of)\b)", "employees"),
    (r"up to (?=[$€£])", "at most "),
    (r"no longer (?=\w+ed\b)", "not "),
    (r"over the same period", "in the same months"),
    (r"whether or not", "whether"),
    (r"a reduction of", "a drop of"),
    (r"for the purpose of", "for"),
    (r"(?<=\bis )required to", "obliged to"),
    (r"(?<=\bare )required to", "obliged to"),
    (r"adjacent to", "next to"),
    (r"obtain(?=s?\b)", "get"),
    (r"commence", "begin"),
    (r"utilize", "use"),
    (r"assist(?= (?:with|in)\b)", "help"),
    (r"organizations", "organizations"),
    (r"began", "started"),
    (r"upon", "on"),
    (r"throughout", "all through"),
    (r"establishment", "establishment"),
    (r"is supplied by", "comes from"),
    (r"are supplied by", "come from"),
    (r"was supplied by", "came from"),
    (r"is prepared by", "is made ready by"),
    (r"takes effect on", "applies from"),
    (r"becomes binding on", "binds from"),
    (r"is effective(?= (?:on )?" + _DAY + ")", "applies from"),
    (r"(?<=applies from )on ", ""),
    (r"must be received by", "have to arrive by"),
    (r"asked for", "called for"),
    (r"not yet", "still not"),
    (r"do not yet know", "still do not know"),
    (r"is intended to", "is meant to"),
    (r"a number of", "several"),
    (r"the majority of", "most"),
    (r"within (?=(?:two|three|four|five|ten|\d+) (?:business |working )?days)", "in no more than "),
    (r"at least (?=(?:\d+|two|three|five|ten|twelve) (?:business |working )?(?:days|months|weeks))", "no less than "),
    (r"two years ago", "two years before"),
    (r"received(?= \d[\d,]* (?:comments|responses|reports))", "drew"),
    (r"a person's", "a person’s"),
    (r"in writing", "in writing"),
    (r"from the day", "from the day"),
    (r"automated decision system", "automated decision system"),
    (r"is offered", "is available"),
    (r"will receive", "will get"),
    (r"does not satisfy", "does not meet"),
    (r"stays? off until", "stays off until"),
    (r"in the course of", "during"),
    (r"outside of", "outside"),
    (r"in addition to", "besides"),
    (r"in addition,? ", "also "),
    (r"therefore ", ""),
    (r"nevertheless", "even so"),
    (r"has stated", "has said"),
    (r"have stated", "have said"),
    (r"annually", "every year"),
    (r"once a year", "every year"),
    (r"monthly(?= fee\b)", "monthly"),
    (r"residents", "residents"),
    (r"permitted", "allowed"),
    (r"demonstrate(?=s?\b)", "show"),
    (r"concerning", "about"),
    (r"regarding", "about"),
    (r"on a voluntary basis", "voluntarily"),
    (r"free of charge", "at no charge"),
    (r"on average", "on average"),
    (r"numerous", "many"),
    (r"sufficient", "enough"),
    (r"remainder", "rest"),
    (r"present price", "current price"),
    (r"such as", "for instance"),
    (r"(?<=, )including", "among them"),
    (r"attorneys", "lawyers"),
    (r"amount of each payment", "size of each payment"),
    (r"depends on", "turns on"),
    (r"telephoning", "phoning"),
    (r"by telephone", "by phone"),
    (r"altered", "changed"),
    (r"retained", "kept"),
    (r"placed on", "put on"),
    (r"roughly", "about"),
    (r"fully", "fully"),
    (r"a further decision", "another decision"),
    (r"identified", "found"),
    (r"examined", "looked at"),
    (r"is not public", "is not public"),
    (r"in the same months of", "in the same months of"),
    (r"straight away", "at once"),
    (r"drawn at random", "picked at random"),
    (r"at any time", "whenever they like"),
    (r"whichever is later", "whichever comes later"),
    (r"sets out", "lays out"),
    (r"set out(?= (?:in|the|both|what)\b)", "laid out"),
    (r"intends to", "means to"),
    (r"in plain language", "in plain words"),
    (r"to resolve charges", "to settle charges"),
    (r"must also(?= [a-z])", "also must"),
    (r"each(?= (?!of\b|other\b|one\b|was\b|is\b|has\b|had\b|\w+ed\b|a\b|the\b|four\b|two\b|in\b|under\b|by\b|and\b)[a-z]+)", "every"),
    (r"every(?= (?!one\b|of\b|two\b|three\b|day\b|other\b|single\b)[a-z]+)", "each"),
    (r"nearly(?= (?:a|half|one|two|three|all|every|\d|[$€£]))", "almost"),
    (r"almost(?= (?:a|half|one|two|three|all|every|\d|[$€£]))", "nearly"),
    (r"about(?= (?:\d|[$€£]))", "around"),
    (r"some(?= \d)", "about"),
    (r"below(?= [$€£\d])", "under"),
    (r"above(?= [$€£\d])", "over"),
    (r"largest", "biggest"),
    (r"begins(?= (?:on|in|with|when|at)\b)", "starts"),
    (r"starts(?= (?:on|in|with|when|at)\b)", "begins"),
    (r"begin(?= (?:on|in|with|when|at|to)\b)", "start"),
    (r"handles", "deals with"),
    (r"(?<=be )handled", "dealt with"),
    (r"(?<=[a-z]s )handle", "deal with"),
    (r"(?<=they )handle", "deal with"),
    (r"(?<!had )(?<!has )(?<!have )dropped(?= (?:to|from|by)\b)", "fell"),
    (r"(?<!had )(?<!has )(?<!have )fell(?= (?:to|from|by)\b)", "dropped"),
    (r"rose(?= (?:to|from|by)\b)", "went up"),
    (r"went from", "moved from"),
    (r"resigned", "quit"),
    (r"supports(?= the\b)", "backs"),
    (r"companies(?= (?:that|who|doing|with|in|must|will|may|have|are|to|then)\b)", "firms"),
    (r"(?<=the )company(?= (?:has|had|said|says|told|will|did|does|was|is|must|may|expects|gave|put|kept|paid|uses|used))", "firm"),
    (r"firms(?= (?:that|who|doing|with|in|must|will|may|have|are|to|then)\b)", "companies"),
    (r"(spent|took|cost|waited|paid) an average of", r"\1, on average,"),
    (r"(?<=[a-z]s )(?:who|that) use(?= [a-z])", "using"),
    (r"(?<=\d )a(?= (?:month|week|year|day|shift|seat)\b)", "per"),
    (r"(?<=hours )a(?= (?:month|week|year|day)\b)", "per"),
    (r"(?<=minutes )a(?= (?:month|week|year|day|visit|call)\b)", "per"),
    (r"(?<=times )a(?= (?:month|week|year|day)\b)", "per"),
    (r"against(?= (?:\d|one|two|three|four|five|six|seven|eight|nine|ten))", "compared with"),
    (rf"between ({_DAY}) and (?={_DAY})", r"from \1 to "),
    (r"(?<=[a-z]s )(?:who|that) work(?= [a-z])", "working"),
    (r"(?<=[a-z]s )(?:who|that) collect(?= [a-z])", "collecting"),
    (r"(?<=people )who work(?= [a-z])", "working"),
    (r"(?<=[a-z]s )(?:who|that) (?:hold|carry)(?= [a-z])", "holding"),
    (r"(?<=[a-z]s )(?:who|that) serve(?= [a-z])", "serving"),
    (r"(?<=[a-z]s )(?:who|that) operate(?= [a-z])", "operating"),
    (r"(?<=[a-z] )that influences(?= an? )", "with a say in"),
    (r"hold an inventory", "keep an inventory"),
    (r"(?<=a )written inventory", "written list"),
    (r"for this purpose", "here"),
    (r"has not said whether", "has not stated whether"),
    (r"have not said whether", "have not stated whether"),
    (r"has not said (?=how|when|why)", "has not stated "),
    (r"is silent on whether", "leaves open whether"),
    (r"is silent on how", "leaves open how"),
    (r"to a nurse", "to a nurse"),
    (r"complete(?= (?:the|its|a|an)\b)", "finish"),
    (r"belong on the list", "go on the list"),
    (r"in the usual way", "as before"),
    (r"again and again", "over and over"),
    (r"afterwards", "later"),
    (r"the same as a year earlier", "as many as a year earlier"),
    (r"a year earlier", "the year before"),
    (r"in writing(?= that)", "in a letter"),
    (r"an hour", "an hour"),
    (r"ordinary", "normal"),
    (r"seldom", "rarely"),
    (r"supplies", "provides"),
    (r"(?<=who )supplies", "provides"),
    (r"currently", "at present"),
    (r"at no charge", "at no charge"),
    (r"in case", "if"),
    (r"said nothing about", "were silent on"),
    (r"gave the customer", "granted the customer"),
    (r"as long as", "provided that"),
    (r"a small number of", "a few"),
    (r"whole(?= (?:list|plan|text|document)\b)", "entire"),
    (r"immediately", "at once"),
    (r"subsequently", "later"),
    (r"(?<=has )announced", "made known"),
    (r"will be given", "will get"),
    (r"will take effect", "will apply"),
    (r"takes? effect", "applies"),
    (r"works out", "works out"),
    (r"(?<=[a-z] )yearly", "annual"),
    (r"(?<=of )annual(?= direct)", "yearly"),
    (r"(?<=in )annual(?= direct)", "yearly"),
    (r"answers were", "replies were"),
    (r"questioned", "asked"),
    (r"on the spot", "at once"),
    (r"drafted", "written"),
    (r"in the second half of", "in the latter half of"),
    (r"in the first half of", "in the opening half of"),
    (r"at the end of", "at the close of"),
    (r"by the end of", "by the close of"),
    (r"over the summer", "during the summer"),
    (r"the following", "the next"),
    (r"a single", "one"),
    (r"(?<=, )but(?= it (?:did|does|was|is|has|had) not)", "although"),
    (r"ahead of time", "in advance"),
    (r"ahead(?=[.,]|$)", "in advance"),
    (r"so far", "to date"),
    (r"as well as", "along with"),
    (r"rather than", "instead of"),
    (r"in spite of", "despite"),
    (r"(?<=[a-z] )itself(?=,| in| is)", ""),
    (r"whatever the reason", "for any reason"),
    (r"for any reason", "whatever the reason"),
    (r"altogether", "in all"),
    (r"is effective", "applies"),
    (r"(?<=[a-z]s )(?:that|who|which) (?:are|were) (?=(?:\w+ed|made|kept|held|sold|sent|paid|run|built|bought|written|given|taken|known|drawn|chosen)\b)", ""),
    (r"(?<=[a-z] )that hold an? ", "with a "),
    (r"(?<=s )who used (?=the|an?)", "using "),
    (r"the (output|owner|name|result|cost|terms|text|purpose|supplier|price|size|wording|rules|start|aim) of the ([a-z]+)(?= (?:is|are|was|were|and|in|on|must|will|has|had)\b|[,.])", r"the \2’s \1"),
)  # fmt: skip


def _literal(pattern: str) -> str:
    """Letters that every match holds, so that most pairs need no search: "" where the pattern has none for sure."""
    bare = re.sub(r"\(\?(?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)", " ", pattern)
    if re.search(r"[(|?*\[]", bare):
        return ""
    return max(re.findall(r"[a-zA-Z]+(?: [a-zA-Z]+)*", re.sub(r"\\.", " ", bare)), key=len, default="").lower()


def _compiled(pattern: str, repl: str) -> tuple[str, re.Pattern[str], str]:
    end = "" if pattern.endswith((" ", ")")) else r"(?![\w-])"
    return _literal(pattern), re.compile(rf"(?<![\w-]){pattern}{end}", re.I), repl


_COMPILED = tuple(_compiled(p, r) for p, r in _PAIRS if p != r)
_MUST = re.compile(r"\bmust(?= (?!not\b|also\b|never\b|either\b)[a-z]+)")


_OR_LIST = re.compile(r"\b(?P<led>cannot|can not|may not|must not|may|can|will not|to)(?P<a> [a-z]+ [^,;.“”]{3,40}), (?P<b>[a-z]+ [^,;.“”]{3,40}) or (?P<c>[a-z]+ [^,;.“”]{3,50})(?P<end>[.]?)$")


def rotate(text: str) -> str:
    """A closing list of three joined by "or", its first item last: nothing is lost or ranked by it. The same text where there is none."""
    return _OR_LIST.sub(lambda m: f"{m['led']} {m['b']}, {m['c']} or{m['a']}{m['end']}", text)


@lru_cache(maxsize=16384)
def swap(text: str, plural: bool | None = None) -> str:
    """The sentence with plain words for long ones, every word exchanged at most once. `plural` tells the number of its subject, for "has to" and "have to"."""
    low = text.lower()
    found: list[tuple[int, int, str]] = []
    for literal, pattern, repl in _COMPILED:
        if not literal or literal in low:
            found += [(m.start(), m.end(), _cased(m, repl)) for m in pattern.finditer(text)]
    if plural is not None and text.count(" must ") == 1:
        found += [(m.start(), m.end(), "have to" if plural else "has to") for m in _MUST.finditer(text)]
    out, at = [], 0
    for start, end, repl in sorted(found, key=lambda f: (f[0], -f[1])):
        if start < at or start == end:
            continue
        out += [text[at:start], repl]
        at = end
    made = re.sub(r"\s{2,}", " ", "".join([*out, text[at:]]))
    made = re.sub(r"\b([Aa])(?= (?!one|uni|use|usu|eu|once)[aeiou])(?! ?a\b)", r"\1n", made) if made != text else made
    return re.sub(r"\b([Aa])n(?= (?!hour|honest|heir|[aeiouAEIOU8]|11|18|[A-Z])[a-z])", r"\1", made) if made != text else made


def _cased(match: re.Match[str], repl: str) -> str:
    out = match.expand(repl)
    return out[:1].upper() + out[1:] if match.group()[:1].isupper() and out else out

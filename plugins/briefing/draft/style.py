"""The house's spelling: American words and dates, digits from ten, "percent" written out. The same facts, as this publication writes them.

Names keep their spelling: only words in small letters are changed, and never what stands in quotation marks.
"""

from __future__ import annotations

import re
from functools import lru_cache

from . import english
from .english import MONTHS

_MONTH = "|".join(MONTHS)
_SHORT_MONTHS = {m[:n]: m for m in MONTHS for n in (3, 4) if m != "May" and len(m) > n} | {"Sept": "September"}
_DAY_FIRST = re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?P<month>{_MONTH})(?:,? (?P<year>(?:19|20)\d\d)\b)?(?P<comma>,?)")
_SHORT_MONTH = re.compile(rf"\b(?P<month>{'|'.join(sorted(_SHORT_MONTHS, key=len, reverse=True))})\.? (?=\d{{1,2}}\b)")
_ORDINAL_DAY = re.compile(rf"\b({_MONTH}) (\d{{1,2}})(?:st|nd|rd|th)\b")
_PERCENT = re.compile(r"(?<=\d)\s?%|\bper cent\b")
_NOT = re.compile(r"\b(?P<verb>do|does|did|is|are|was|were|has|have|had|would|could|should|must|ca|wo|need)n’t\b")
_NOT_OF = {"ca": "cannot", "wo": "will not"}

_NUMBERS = {english.in_words(n): n for n in range(10, 100)}
_WORD_NUMBER = re.compile(rf"(?<=[a-z,] )(?<! in )(?:{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})(?= [a-z]|[.,;]?$)(?! (?:past|to|o’clock|or|and)\b)")
#: What has a number for a name: "Article 5" is never "Article five".
_NUMBERED = frozenset(
    english.word_list(
        "article section chapter level phase step page version stage category type class part line day week room grade number "
        "unit rule form tier schedule annex appendix clause paragraph figure table question item"
    )
)
_DIGIT = re.compile(
    r"(?P<before>[A-Za-z’-]+) (?P<n>[2-9])(?= (?!percent|million|billion|trillion|a\.m|p\.m|am\b|pm\b|of\b|to\b|and\b|or\b|in\b|out\b|points?\b)[a-z]+s\b)"
)

_SPELLINGS = (
    "whilst=while amongst=among centre=center centres=centers labour=labor favour=favor favours=favors favoured=favored favourable=favorable "
    "unfavourable=unfavorable behaviour=behavior behaviours=behaviors colour=color harbour=harbor honour=honor neighbour=neighbor "
    "neighbours=neighbors neighbouring=neighboring rumour=rumor programme=program programmes=programs cheque=check cheques=checks defence=defense "
    "offence=offense licence=license licences=licenses practise=practice judgement=judgment enrolment=enrollment fulfil=fulfill catalogue=catalog "
    "dialogue=dialog grey=gray ageing=aging tyre=tire metre=meter metres=meters kilometre=kilometer kilometres=kilometers litre=liter "
    "litres=liters theatre=theater travelling=traveling travelled=traveled cancelled=canceled cancelling=canceling labelled=labeled "
    "labelling=labeling modelling=modeling modelled=modeled signalled=signaled fuelled=fueled counsellor=counselor jewellery=jewelry "
    "sceptical=skeptical scepticism=skepticism organisation=organization organisations=organizations organised=organized organise=organize "
    "organising=organizing recognise=recognize recognised=recognized recognises=recognizes prioritise=prioritize prioritised=prioritized "
    "authorise=authorize authorised=authorized authorisation=authorization minimise=minimize maximise=maximize optimise=optimize analyse=analyze "
    "analysed=analyzed analysing=analyzing apologise=apologize apologised=apologized criticise=criticize criticised=criticized "
    "emphasise=emphasize emphasised=emphasized standardised=standardized specialised=specialized specialises=specializes finalise=finalize "
    "finalised=finalized summarise=summarize utilise=use realise=realize realised=realized digitisation=digitization automatise=automate "
    "legalise=legalize privatised=privatized penalise=penalize penalised=penalized scrutinise=scrutinize scrutinised=scrutinized "
    "anonymised=anonymized pseudonymised=pseudonymized monetise=monetize customised=customized personalised=personalized "
    "unauthorised=unauthorized mobilise=mobilize stabilise=stabilize subsidised=subsidized categorised=categorized characterised=characterized "
    "centralised=centralized towards=toward afterwards=afterward learnt=learned spelt=spelled dreamt=dreamed burnt=burned "
)
_BRITISH = dict(pair.split("=") for pair in _SPELLINGS.split())
_BRITISH |= {f"{one}s": f"{two}s" for one, two in _BRITISH.items() if not one.endswith(("s", "ed", "ing", "st", "nt", "lt"))}
_FIRST = re.compile(r"^[A-Z][a-z]+(?= [a-z])")
_BRITISH_WORD = re.compile(rf"\b(?:{'|'.join(_BRITISH)})\b")


@lru_cache(maxsize=16384)
def house(text: str) -> str:
    """The sentence in the house's spelling; one that holds a quotation stays as it is."""
    if "“" in text:
        return text
    text = _SHORT_MONTH.sub(lambda m: f"{_SHORT_MONTHS[m['month']]} ", text)
    text = _ORDINAL_DAY.sub(r"\1 \2", text)
    text = _DAY_FIRST.sub(_american_day, text)
    text = _PERCENT.sub(" percent", text).replace("  percent", " percent")
    text = _NOT.sub(lambda m: _NOT_OF.get(m["verb"]) or f"{m['verb']} not", text)
    text = _WORD_NUMBER.sub(lambda m: str(_NUMBERS[m.group()]), text)
    text = _DIGIT.sub(
        lambda m: f"{m['before']} {english.in_words(int(m['n']))}" if m["before"].lower() not in _NUMBERED and m["before"].islower() else m.group(), text
    )
    text = _FIRST.sub(lambda m: english.capital(_BRITISH.get(m.group().lower(), m.group())), text)
    return _BRITISH_WORD.sub(lambda m: _BRITISH[m.group()], text)


def _american_day(match: re.Match[str]) -> str:
    """ "2 August 2027" as "August 2, 2027"; a number that is no day stays as it is."""
    if not 1 <= int(match["day"]) <= 31:
        return match.group()
    year = f", {match['year']}" if match["year"] else ""
    return f"{match['month']} {int(match['day'])}{year}{match['comma']}"

"""The commands as Markdown, out of the parser itself: `docs/commands.md` is this text and a test holds them equal.

argparse's own layout changes with the terminal and with Python's version, so the page is made from what the parser knows.
`tests/test_helptext.py` says how the page is written anew.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence

HEAD = """# Commands

Every command, from its own `--help`. Data goes to stdout, progress and messages to stderr; the exit codes are in [exit-codes.md](exit-codes.md).
"""


def markdown(parser: argparse.ArgumentParser) -> str:
    """The page for a parser with subcommands. Options that every command has stand once, at the top."""
    commands = _subparsers(parser)
    every = [set(_flags(p)) for p in commands.values()]
    common = set.intersection(*every) if every else set()
    first = next(iter(commands.values()))
    parts = [HEAD, "## Options of every command\n", _table([a for a in _visible(first) if _name(a) in common])]
    for name, command in commands.items():
        parts += _command(f"{parser.prog} {name}", command, common)
    return "\n".join(parts)


def _command(title: str, parser: argparse.ArgumentParser, common: set[str]) -> Iterator[str]:
    yield f"## {title}\n"
    yield f"{_sentence(parser.description or '')}\n"
    own = [a for a in _visible(parser) if _name(a) not in common]
    verbs = _subparsers(parser)
    if own:
        yield f"`{_usage(title, own)}`\n"
        yield _table(own)
    helps = {c.dest: c.help or "" for a in parser._actions if isinstance(a, argparse._SubParsersAction) for c in a._choices_actions}
    for verb, sub in verbs.items():
        yield f"### {title} {verb}\n"
        yield f"{_sentence(helps.get(verb, ''))}\n"
        below = [a for a in _visible(sub) if _name(a) not in common]
        yield f"`{_usage(f'{title} {verb}', below)}`\n"
        if below:
            yield _table(below)
    if parser.epilog:
        lines = [line.strip() for line in parser.epilog.splitlines()[1:]]
        yield "```\n" + "\n".join(lines) + "\n```\n"


def _subparsers(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    return {name: sub for a in parser._actions if isinstance(a, argparse._SubParsersAction) for name, sub in a.choices.items()}


def _visible(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    """What a person can type: no help, no subcommands, nothing suppressed."""
    hidden = (argparse._HelpAction, argparse._SubParsersAction, argparse._VersionAction)
    return [a for a in parser._actions if not isinstance(a, hidden) and a.help != argparse.SUPPRESS]


def _flags(parser: argparse.ArgumentParser) -> list[str]:
    return [_name(a) for a in _visible(parser) if a.option_strings]


def _name(action: argparse.Action) -> str:
    return action.option_strings[-1] if action.option_strings else action.dest


def _value(action: argparse.Action) -> str:
    """What follows an option, as its help shows it."""
    if action.nargs == 0:
        return ""
    meta = action.metavar if isinstance(action.metavar, str) else None
    choices = "|".join(str(c) for c in action.choices) if action.choices else None
    return meta or choices or action.dest.upper()


def _usage(title: str, actions: Sequence[argparse.Action]) -> str:
    out = [title]
    for a in actions:
        words = " ".join(w for w in ((_name(a) if a.option_strings else ""), _value(a)) if w)
        if a.nargs in ("*", "+"):
            words += " …"
        optional = a.nargs in ("?", "*") if not a.option_strings else not a.required
        out.append(f"[{words}]" if optional else words)
    return " ".join(out)


def _table(actions: Sequence[argparse.Action]) -> str:
    rows = ["| | |", "| --- | --- |"]
    for a in actions:
        shown = " ".join(w for w in (", ".join(a.option_strings), _value(a)) if w)
        text = (a.help or "") % {"prog": "briefing", "default": a.default, "choices": a.choices}
        rows.append(f"| `{_cell(shown)}` | {_cell(_sentence(text))} |")
    return "\n".join(rows) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", ")", "?")) or not text else ".")

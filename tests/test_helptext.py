"""`docs/commands.md` says what the commands say of themselves, and each says enough.

To write the page anew after a command changed, and then read the difference:
`python -c "from briefing import cli, helptext; print(helptext.markdown(cli._parser()), end='')" > docs/commands.md`
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from briefing import cli, helptext

PAGE = Path(__file__).resolve().parents[1] / "docs" / "commands.md"


@pytest.fixture(scope="module")
def parser() -> argparse.ArgumentParser:
    return cli._parser()


def test_the_page_is_the_commands_own_help(parser: argparse.ArgumentParser) -> None:
    """A difference is either an option that was changed on purpose (write the page anew, see above) or one that was not."""
    assert PAGE.read_text(encoding="utf-8") == helptext.markdown(parser)


def test_it_does_not_depend_on_the_terminal_or_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("BRIEFING_PROJECT", "/somewhere/else")
    monkeypatch.setenv("BRIEFING_NOW", "2026-11-24T06:00:00-05:00")
    assert helptext.markdown(cli._parser()) == PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_has_a_sentence_an_example_and_help_for_each_option(parser: argparse.ArgumentParser, name: str) -> None:
    command = helptext._subparsers(parser)[name]
    assert command.description
    assert "\n" not in command.description
    assert command.epilog
    assert f"briefing {name}" in command.epilog
    for sub in (command, *helptext._subparsers(command).values()):
        for action in helptext._visible(sub):
            assert action.help, f"{name}: {helptext._name(action)} has no help"


def test_a_small_parser_reads_well() -> None:
    root = argparse.ArgumentParser(prog="brief")
    commands = root.add_subparsers()
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("-q", "--quiet", action="store_true", help="no progress")
    send = commands.add_parser("send", parents=[common], description="Send it.", epilog="example:\n  brief send a b")
    send.add_argument("names", nargs="+", metavar="NAME", help="what to send")
    send.add_argument("--mode", choices=("fast", "safe"), required=True, help="how | why (default: %(default)s)")
    verbs = commands.add_parser("list", parents=[common], description="List it.").add_subparsers()
    verbs.add_parser("old", help="what was").add_argument("--since", metavar="DAY", help="from this day")
    assert helptext.markdown(root).removeprefix(helptext.HEAD) == (
        "\n## Options of every command\n\n| | |\n| --- | --- |\n| `-q, --quiet` | No progress. |\n\n"
        "## brief send\n\nSend it.\n\n`brief send NAME … --mode fast|safe`\n\n"
        "| | |\n| --- | --- |\n| `NAME` | What to send. |\n| `--mode fast\\|safe` | How \\| why (default: None) |\n\n"
        "```\nbrief send a b\n```\n\n"
        "## brief list\n\nList it.\n\n### brief list old\n\nWhat was.\n\n`brief list old [--since DAY]`\n\n"
        "| | |\n| --- | --- |\n| `--since DAY` | From this day. |\n"
    )


def test_common_options_work_before_and_after_a_verb(parser: argparse.ArgumentParser) -> None:
    for words in (["email", "--json", "show"], ["email", "show", "--json"]):
        args = parser.parse_args(words)
        assert (args.json, args.quiet, args.project) == (True, False, None)
    assert parser.parse_args(["email", "--project", "a", "show"]).project == "a"
    assert parser.parse_args(["email", "show"]).json is False

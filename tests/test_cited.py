"""N03: a page that a briefing cites is asked again; gone, moved, taken back or reworded is told with file, source and way back.

A real server on loopback, the real commands, a store with the texts the articles rest on. Nothing published or drafted is changed by any of it.
"""

from __future__ import annotations

import html
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from briefing import article, cli, config, reworded, trial
from briefing.collect import cited
from briefing.collect.merge import Change
from briefing.config import CollectSettings
from briefing.errors import FetchError
from briefing.model import Article, CitedPage, Item, Snapshot
from briefing.project import Project
from briefing.store import Brought, State, Store, hash_of

NOW = trial.NOW
READ = datetime(2026, 11, 20, tzinfo=UTC)
NOTICE = "https://wabash-tools.example/notice"
LEDGER = "https://ledger.wabash-tools.example/notice"
FILE = "content/briefings/2026-11-24/wabash-tools.md"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        web: Web = self.server.web  # type: ignore[attr-defined]
        url = f"https://{self.headers['Host']}{self.path}"
        with web.lock:
            web.asked.append((url, dict(self.headers)))
            now = web.at_once = web.at_once + 1
            web.most_at_once = max(web.most_at_once, now)
        status, headers, body = web.pages.get(url, (404, {}, b"no such page"))
        if status == 200 and headers.get("ETag") and self.headers.get("If-None-Match") == headers["ETag"]:
            status, body = 304, b""
        with web.lock:
            web.at_once -= 1
        self.send_response(status)
        for key, value in {"Content-Type": "text/html; charset=utf-8", **headers, "Content-Length": str(len(body))}.items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        pass


@dataclass
class Web:
    """The publishers' sites: every host is dialled here."""

    server: ThreadingHTTPServer
    pages: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    lock: Any = field(default_factory=threading.Lock)

    @property
    def target(self) -> str:
        return f"127.0.0.1:{self.server.server_address[1]}"

    def put(self, url: str, text: str = "", *, title: str = "A page", status: int = 200, **headers: str) -> None:
        body = "".join(f"<p>{html.escape(p)}</p>" for p in text.split("\n\n"))
        page = f"<html><head><title>{html.escape(title)}</title></head><body><article><h1>{html.escape(title)}</h1>{body}</article></body></html>"
        self.pages[url] = (status, {k.replace("_", "-"): v for k, v in headers.items()}, page.encode())

    def pages_asked(self) -> list[str]:
        return [url for url, _ in self.asked if not url.endswith("/robots.txt")]


@pytest.fixture
def web() -> Iterator[Web]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a client that hangs up says nothing into a test's output
    found = Web(server)
    server.web = found  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield found
    server.shutdown()
    server.server_close()
    thread.join()


def paragraphs(word: str, count: int = 8) -> str:
    return "\n\n".join(f"The {word} office wrote paragraph number {n} of its notice about the tools its clerks use every day." for n in range(count))


TEXT = paragraphs("Wabash")


@dataclass
class Desk:
    """A briefing whose one article cites two pages; the store knows the text of the first."""

    project: Project
    web: Web
    capsys: pytest.CaptureFixture[str]
    now: datetime = NOW

    def run(self, *args: str) -> tuple[int, str]:
        self.capsys.readouterr()
        code = cli.main([args[0], "--project", str(self.project.root), "--now", self.now.isoformat(), *args[1:]])
        said = self.capsys.readouterr()
        return code, said.out + said.err

    def collect(self, *, days: float = 0.0) -> dict[str, Any]:
        self.now += timedelta(days=days)
        self.capsys.readouterr()
        assert cli.main(["collect", "--project", str(self.project.root), "--now", self.now.isoformat(), "--cited", "--json"]) == 0
        said: dict[str, Any] = json.loads(self.capsys.readouterr().out)
        return said

    def told(self) -> list[str]:
        with Store.open(self.project.store) as store:
            return [f"{one.source} {one.what}; {one.advice}" for one in reworded.everywhere(self.project, store)]


@pytest.fixture
def desk(tmp_path: Path, web: Web, capsys: pytest.CaptureFixture[str]) -> Desk:
    project = trial.make_project(tmp_path / "desk")
    project.sources.write_text(
        f"collect:\n  allow_private: true\n  deadline_s: 5\n  connect_to: {{'*.example': '{web.target}'}}\nsources:\n"
        "  - {id: office, name: Wabash Office, url: 'https://wabash-tools.example/feed', category: ai, kind: manual, tier: primary}\n",
        encoding="utf-8",
    )
    add(project, trial.make_article("wabash-tools"), TEXT)
    trial.add_edition(project, ["wabash-tools"])
    web.put(NOTICE, TEXT, title="Notice of the Wabash office")
    web.put(LEDGER, paragraphs("Ledger"), title="What the notice says")
    return Desk(project, web, capsys)


def add(project: Project, a: Article, text: str) -> None:
    """Writes an article; the store gets the page text that its first source rests on."""
    path = trial.add_article(project, a)
    with Store.open(project.store, write=True, now=READ) as store:
        item = Item(id=hash_of(a.id)[7:23], source="office", url=a.sources[0].url, title=a.sources[0].title, first_seen=READ, summary="In short.")
        store.save(Brought(state=State(source="office"), changes=(Change(item, "digest", ()),)), now=READ)
        shot = Snapshot(hash=hash_of(text), item=item.id, url=item.url, text=text, read=READ, origin="page", title=item.title)
        store.save_page(item, "read", "", shot, now=READ)
    old = article.parse(path.read_bytes()).sources[0].snapshot
    for file in (path, project.evidence(a.edition, a.id)):
        file.write_bytes(file.read_bytes().replace(old.encode(), shot.hash.encode()))


# ------------------------------------------------------------------- N03, told


def test_n03_what_is_as_it_was_is_asked_and_not_mentioned(desk: Desk) -> None:
    said = desk.collect()
    assert said["cited_pages"] == {"asked": 2, "missing": 0, "left": 0}
    assert said["cited_and_changed"] == []
    assert sorted(desk.web.pages_asked()) == sorted([NOTICE, LEDGER])


@pytest.mark.parametrize(("status", "words"), [(410, "is gone for good (410)"), (404, "is not found any more (404)")])
def test_n03_a_page_that_is_gone_is_told_with_its_days(desk: Desk, status: int, words: str) -> None:
    desk.web.put(NOTICE, status=status)
    before = desk.project.article(trial.DAY, "wabash-tools").read_bytes()
    assert desk.collect()["cited_pages"]["missing"] == 1
    assert desk.told() == [
        f"s1 {words} on 2026-11-23, asked once{': it may be a hiccup' if status == 404 else ''}; look again, then cite another source or leave it and say why"
    ]
    for _ in range(2):
        desk.collect(days=1)
    assert desk.told() == [f"s1 {words} since 2026-11-23, asked 3 times; look again, then cite another source or leave it and say why"]
    desk.web.put(NOTICE, TEXT)
    desk.collect(days=1)
    assert desk.told() == [], "it came back"
    assert desk.project.article(trial.DAY, "wabash-tools").read_bytes() == before


def test_n03_an_approved_article_is_told_how_a_correction_goes(desk: Desk) -> None:
    path = desk.project.article(trial.DAY, "wabash-tools")
    path.write_bytes(path.read_bytes().replace(b"status: needs-review", b"status: approved"))
    desk.web.put(NOTICE, status=410)
    desk.collect()
    (line,) = desk.told()
    assert line.endswith("look again; give another source or its archived copy, note it under corrections: and run `briefing approve wabash-tools`")
    desk.web.put(NOTICE, TEXT.replace("number 3", "number 33"))
    desk.collect(days=1)
    (line,) = desk.told()
    assert line.endswith("where the article is no longer right, correct it, note it under corrections: and run `briefing approve wabash-tools`")


@pytest.mark.parametrize(
    ("status", "outcome"), [(500, "server-error"), (502, "server-error"), (503, "wait"), (429, "wait"), (401, "blocked"), (403, "blocked"), (451, "blocked")]
)
def test_n03_a_server_that_fails_or_refuses_is_not_gone(desk: Desk, status: int, outcome: str) -> None:
    desk.web.put(NOTICE, status=status, Retry_After="1")
    with Store.open(desk.project.store, write=True, now=desk.now) as store:
        _, settings = listed(desk)
        cited.ask_again([NOTICE], settings, store, desk.now, pauses=())
        seen = store.cited(NOTICE)
    assert seen is not None
    assert (seen.since, seen.times, seen.outcome) == (None, 0, outcome)
    assert desk.told() == []


def test_n03_a_failure_between_two_404_neither_ends_nor_lengthens_the_row() -> None:
    first = cited.after(NOTICE, None, None, FetchError("not-found", "404"), NOW)
    second = cited.after(NOTICE, first, None, FetchError("timeout", "slow"), NOW + timedelta(days=1))
    third = cited.after(NOTICE, second, None, FetchError("not-found", "404"), NOW + timedelta(days=2))
    assert [(p.since, p.times, p.outcome) for p in (first, second, third)] == [(NOW, 1, "not-found"), (NOW, 1, "not-found"), (NOW, 2, "not-found")]
    assert second.tried == NOW + timedelta(days=1)


def test_n03_nobody_at_home_is_not_gone(desk: Desk) -> None:
    settings = CollectSettings(allow_private=True, deadline_s=2, connect_to={"*.example": "127.0.0.1:1"})
    with Store.open(desk.project.store, write=True, now=desk.now) as store:
        assert cited.ask_again([NOTICE], settings, store, desk.now, pauses=()) == cited.Asked(asked=1)
        assert store.cited(NOTICE).outcome == "refused"  # type: ignore[union-attr]
    assert desk.told() == []


@pytest.mark.parametrize("title", ["Retracted: Notice of the Wabash office", "[Withdrawn] Notice", "CORRECTION: the notice", "Page not found"])
def test_n03_a_title_that_takes_it_back_is_told(desk: Desk, title: str) -> None:
    desk.web.put(NOTICE, TEXT, title=title)
    desk.collect()
    assert desk.told() == [f"s1 calls itself “{title}” since 2026-11-23 at the latest; read it again, then correct the article or leave it and say why"]


def test_n03_a_short_note_in_place_of_the_text_is_told_with_its_title(desk: Desk) -> None:
    desk.web.put(NOTICE, "This notice was taken back.", title="Retracted: Notice of the Wabash office")
    desk.collect()
    (line,) = desk.told()
    assert line.startswith("s1 shows too little text to be read on 2026-11-23, asked once: it may be a hiccup, and calls itself “Retracted: Notice")


def test_n03_changed_paragraphs_are_counted_and_the_first_one_shown(desk: Desk) -> None:
    desk.web.put(NOTICE, TEXT.replace("paragraph number 3", "paragraph number 33") + "\n\nCopyright: the office, all rights reserved, every one of them.")
    desk.collect()
    assert desk.told() == [
        "s1 was changed by its publisher, seen on 2026-11-23: 1 of 8 paragraphs are not as they were, the first “The Wabash office wrote paragraph number 3 of "
        "its notice about the tools its cle…”; read it again, then correct the article or leave it and say why"
    ]


def test_n03_spaces_capitals_and_a_new_paragraph_at_the_end_are_no_change(desk: Desk) -> None:
    desk.web.put(NOTICE, TEXT.replace(", ", ",  ").replace("tools", "Tools") + "\n\nRead more about what offices do with their tools on our other pages.")
    desk.collect()
    assert desk.told() == []


def test_n03_a_correction_note_above_the_same_text_is_told(desk: Desk) -> None:
    desk.web.put(NOTICE, "Correction of November 22: an earlier version of this notice gave a wrong number of tools.\n\n" + TEXT)
    desk.collect()
    assert desk.told() == [
        "s1 was changed by its publisher, seen on 2026-11-23 (it says “Correction”); read it again, then correct the article or leave it and say why"
    ]


def test_n03_a_page_that_was_never_read_is_fresh_and_only_a_later_change_is_one(desk: Desk) -> None:
    """The second source has no text in the store: what it says first is what it is compared with."""
    desk.collect()
    assert desk.told() == []
    desk.web.put(LEDGER, paragraphs("Other"))
    desk.collect(days=1)
    (line,) = desk.told()
    assert line.startswith("s2 was changed by its publisher, seen on 2026-11-24: 8 of 8 paragraphs are not as they were")


@pytest.mark.parametrize(
    ("status", "to", "told"),
    [
        (301, "https://new.example/notice-2", "was moved to https://new.example/notice-2"),
        (308, "https://new.example/notice-2", "was moved to https://new.example/notice-2"),
        (302, "https://new.example/notice-2", ""),
        (302, "https://wabash-tools.example/", "was moved to https://wabash-tools.example/"),
        (301, "https://www.wabash-tools.example/notice/", ""),
    ],
)
def test_n03_a_move_for_good_is_told_and_a_passing_one_is_not(desk: Desk, status: int, to: str, told: str) -> None:
    desk.web.put(NOTICE, status=status, Location=to)
    desk.web.put(to, TEXT)
    desk.collect()
    assert [line.partition(", seen")[0].removeprefix("s1 ") for line in desk.told()] == ([told] if told else [])


def test_n03_every_command_tells_it_with_file_and_line(desk: Desk) -> None:
    desk.web.put(NOTICE, status=410)
    line = f"{FILE}:16: s1 is gone for good (410) on 2026-11-23, asked once; look again, then cite another source or leave it and say why"
    code, said = desk.run("collect", "--cited")
    assert code == 0
    assert [x for x in said.splitlines() if not x.startswith("cited pages ")] == ["2 cited pages asked again, 1 not found", f"warning: {line}"]
    assert f"warning: {line}\n" in desk.run("status")[1]
    assert f"{line}.\n" in desk.run("check")[1]
    assert json.loads(desk.run("status", "--json")[1])["sources_changed"] == [line]
    desk.run("review")
    page = (desk.project.var / "review/2026-11-24.html").read_text(encoding="utf-8")
    assert page.count("is gone for good (410)") == 2, "among what needs work, and above its article"
    assert "s1 is gone for good (410) on 2026" in desk.run("review", "--markdown")[1]
    code, said = desk.run("approve", "wabash-tools", "--print", "--as", trial.EDITOR)
    assert "status: approved" in said
    code, said = desk.run("approve", "wabash-tools", "--yes", "--as", trial.EDITOR)
    assert code == 0, "a warning, never a refusal"
    assert "look at    line 16: s1 is gone for good (410)" in said


# -------------------------------------------------------------------- politely


def listed(desk: Desk) -> tuple[Any, CollectSettings]:
    return config.sources(desk.project.sources)


def test_a_page_is_asked_once_a_day_at_most_and_with_its_validators(desk: Desk) -> None:
    desk.web.put(NOTICE, TEXT, ETag='"one"', Last_Modified="Fri, 20 Nov 2026 00:00:00 GMT")
    desk.collect()
    desk.collect(days=0.5)
    assert desk.web.pages_asked().count(NOTICE) == 1
    said = desk.collect(days=0.5)
    asked = [headers for url, headers in desk.web.asked if url == NOTICE]
    assert [(h.get("If-None-Match"), h.get("If-Modified-Since")) for h in asked] == [(None, None), ('"one"', "Fri, 20 Nov 2026 00:00:00 GMT")]
    assert said["cited_pages"]["asked"] == 2
    assert desk.told() == []
    with Store.open(desk.project.store) as store:
        assert store.cited(NOTICE).outcome == "unchanged"  # type: ignore[union-attr]


def test_robots_txt_is_kept_and_read_once_a_host(desk: Desk) -> None:
    desk.web.pages["https://wabash-tools.example/robots.txt"] = (200, {"Content-Type": "text/plain"}, b"User-agent: *\nDisallow: /notice\n")
    desk.collect()
    assert desk.web.pages_asked() == [LEDGER]
    assert sum(url.endswith("/robots.txt") for url, _ in desk.web.asked) == 2
    assert desk.told() == []


def test_one_request_a_host_at_a_time(desk: Desk) -> None:
    urls = [f"https://one.example/{n}" for n in range(12)]
    for url in urls:
        desk.web.put(url, TEXT)
    with Store.open(desk.project.store, write=True, now=desk.now) as store:
        assert cited.ask_again(urls, listed(desk)[1], store, desk.now, pauses=()).asked == 12
    assert desk.web.most_at_once == 1


def test_number_and_time_are_bounded_and_the_rest_comes_first_the_next_day(desk: Desk) -> None:
    urls = [f"https://h{n}.example/page" for n in range(6)]
    for url in urls:
        desk.web.put(url, TEXT)
    settings = listed(desk)[1]
    with Store.open(desk.project.store, write=True, now=desk.now) as store:
        assert cited.ask_again(urls, settings, store, NOW, most=4, pauses=()) == cited.Asked(asked=4, left=2)
        assert sorted(desk.web.pages_asked()) == urls[:4]
        assert cited.ask_again(urls, settings, store, NOW + timedelta(days=1), most=4, pauses=()) == cited.Asked(asked=4, left=2)
        assert set(urls[4:]) <= set(desk.web.pages_asked()[4:])
        assert cited.ask_again(urls, settings, store, NOW + timedelta(days=9), longest_s=0.0, pauses=()) == cited.Asked(left=6)


def test_nothing_is_asked_where_pages_are_switched_off_or_only_one_source_is_wanted(desk: Desk) -> None:
    desk.run("collect", "--source", "office")
    text = desk.project.sources.read_text(encoding="utf-8")
    desk.project.sources.write_text(text.replace("collect:\n", "collect:\n  pages: false\n"), encoding="utf-8")
    assert desk.collect()["cited_pages"]["asked"] == 0
    assert desk.web.asked == []
    assert desk.run("collect", "--cited", "--source", "office") == (2, "briefing: --cited asks no source; leave --source out\n")


def test_this_edition_and_the_four_before_it_are_looked_after_and_no_older_one(desk: Desk) -> None:
    for weeks in (4, 5):
        day = trial.DAY - timedelta(weeks=weeks)
        trial.add_article(desk.project, trial.make_article(f"old-{weeks}", day=day))
    found = reworded.addresses(desk.project, reworded.looked_after(trial.DAY))
    assert [u for u in found if "old" in u] == ["https://old-4.example/notice", "https://ledger.old-4.example/notice"]
    assert found[0] == NOTICE, "the newest first"


def test_what_was_read_anew_since_is_judged_by_that_text(desk: Desk) -> None:
    """A page asked before the article's text was read says nothing about that text."""
    with Store.open(desk.project.store, write=True, now=desk.now) as store:
        store.save_cited(CitedPage(url=NOTICE, tried=READ - timedelta(days=1), outcome="gone", since=READ - timedelta(days=3), times=3))
    assert desk.told() == []


def test_a_clock_that_was_ahead_does_not_stop_the_asking(desk: Desk) -> None:
    with Store.open(desk.project.store, write=True, now=desk.now) as store:
        store.save_cited(CitedPage(url=NOTICE, tried=NOW + timedelta(days=400), outcome="read"))
    assert desk.collect()["cited_pages"]["asked"] == 2


def test_a_pdf_is_read_as_nothing_and_not_called_emptied(desk: Desk) -> None:
    desk.web.pages[LEDGER] = (200, {"Content-Type": "application/pdf"}, b"%PDF-1.7 ...")
    for _ in range(2):
        desk.collect(days=1)
    assert desk.told() == []

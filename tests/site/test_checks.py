"""The site as readers, search engines and feed readers find it. Test names carry the row of the checklist in docs/design.md."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from datetime import date, datetime
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest
from bs4 import BeautifulSoup
from icalendar import Calendar

from briefing import article as articles
from briefing import inline
from briefing.site import article_page
from evals import _crawl

LEAD = "2026/11/insurer-ai-register/index.html"
ARTICLES = [
    "2026/11/insurer-ai-register/index.html",
    "2026/11/city-permits/index.html",
    "2026/11/hiring-notice/index.html",
    "2026/11/vendor-terms/index.html",
    "2026/11/meeting-notes/index.html",
    "2026/11/permit-queue/index.html",
    "2026/11/nine-questions/index.html",
]
BASE = "https://brief.example.org"


def words(node: Any) -> str:
    return " ".join(node.get_text(" ").split())


def minutes(page: BeautifulSoup) -> int:
    return int(re.search(r"(\d+) min read", words(page)).group(1))


def graph(page: BeautifulSoup) -> list[dict[str, Any]]:
    blocks = page.find_all("script", type="application/ld+json")
    assert len(blocks) == 1
    data = json.loads(blocks[0].string)
    assert data["@context"] == "https://schema.org"
    return data["@graph"]


def thing(page: BeautifulSoup, kind: str) -> dict[str, Any]:
    found = [t for t in graph(page) if t["@type"] == kind]
    assert len(found) == 1, kind
    return found[0]


# ------------------------------------------------------------ whole pages


def test_s12_one_h1_levels_never_skip_landmarks_are_named_and_unique(site) -> None:
    for name, page in site.pages():
        levels = [int(h.name[1]) for h in page.find_all(re.compile("^h[1-6]$"))]
        assert levels.count(1) == 1, name
        assert levels[0] in {1, 2}, name
        seen = 1
        for level in levels[levels.index(1) :]:
            assert level <= seen + 1, f"{name}: h{level} after h{seen}"
            seen = level
        assert len(page.find_all("main")) == len(page.find_all("footer", class_="foot")) == 1, name
        labels = [n["aria-label"] for n in page.find_all("nav")]
        assert len(labels) == len(set(labels)) and all(labels), name
        for node in page.find_all(attrs={"aria-labelledby": True}):
            assert page.find(id=node["aria-labelledby"]), f"{name}: nothing is called {node['aria-labelledby']}"


def test_s13_titles_are_unique_and_at_most_65_characters(site) -> None:
    titles = {name: page.title.string for name, page in site.pages()}
    assert [n for n, c in Counter(titles.values()).items() if c > 1] == []
    assert {n: t for n, t in titles.items() if len(t) > 65} == {}
    assert all(page.html["lang"] == "en" for _, page in site.pages())
    assert titles["2026/11/nine-questions/index.html"].startswith("Nine questions to ask before the vendor demo ends")


def test_s14_descriptions_are_unique_70_to_160_characters_and_not_cut_in_a_word(site) -> None:
    found = {name: page.find("meta", attrs={"name": "description"})["content"] for name, page in site.pages()}
    assert {n: len(d) for n, d in found.items() if not 70 <= len(d) <= 160} == {}
    assert [d for d, c in Counter(found.values()).items() if c > 1] == []
    for name, page in site.pages():
        if found[name].endswith("…") and name in ARTICLES:
            assert found[name][:-1].split()[-1] in words(page), name


def test_s15_canonical_is_absolute_self_and_https_on_every_indexable_page(site) -> None:
    for name, page in site.pages():
        link = page.find("link", rel="canonical")
        if name == "404.html":
            assert link is None and page.find("meta", attrs={"name": "robots"})["content"] == "noindex"
            continue
        assert link["href"] == f"{BASE}/{name.removesuffix('index.html')}"
        assert page.find("meta", property="og:url")["content"] == link["href"]


def test_s6_s71_s72_every_link_and_fragment_resolves_and_nothing_is_loaded_from_elsewhere(site) -> None:
    assert _crawl.dead(site.out, BASE) == []
    assert _crawl.outside(site.out, BASE) == []


def test_s71_the_site_works_in_a_sub_folder(build, admitted, tmp_path) -> None:
    site = build(tmp_path, admitted, "https://example.org/brief")
    assert _crawl.dead(site.out, "https://example.org/brief") == []
    assert 'href="/brief/archive/"' in site.text("index.html")
    assert "https://example.org/brief/2026/11/insurer-ai-register/" in site.text("feeds/all.atom.xml")


def test_s73_links_out_are_https_and_do_not_hand_over_the_window(site) -> None:
    for name, page in site.pages():
        for a in page.find_all("a", href=re.compile("^[a-z]+:")):
            assert a["href"].startswith("https://"), f"{name}: {a['href']}"
            if not a["href"].startswith(BASE):
                assert "noopener" in a.get("rel", []), f"{name}: {a['href']}"


def test_s4_weights_stay_in_the_budget(site) -> None:
    pages = _crawl.read(site.out)
    lead = pages[LEAD]
    assert _crawl.weight(site.out, lead) <= 180_000
    assert max(p.packed for p in pages.values()) <= 16_000
    assert len(gzip.compress(next((site.out / "assets").glob("style.*.css")).read_bytes(), 9)) <= 8_000
    assert sum(p.scripts for p in pages.values()) == 0
    # The page, the stylesheet, the icon, three fonts and the italic where a page has a pull quote.
    assert len(set(lead.loads)) + 1 + 2 <= 8


def test_no_inline_style_or_script_so_that_a_strict_content_policy_fits(site) -> None:
    for name, page in site.pages():
        assert page.find("style") is None and page.find(attrs={"style": True}) is None, name
        for tag in page.find_all(True):
            assert not [a for a in tag.attrs if a.startswith("on")], f"{name}: {tag.name}"


def test_words_of_the_house_never_used(site) -> None:
    for name, page in site.pages():
        text = words(page.body).lower()
        assert "ai-powered" not in text and "click here" not in text and "read more" not in text, name
        # A sentence of the page about templates may carry one; the house's own words never do.
        assert "!" not in text.replace("alert(1)", ""), name


def test_link_texts_lead_to_one_place(site) -> None:
    for name, page in site.pages():
        seen: dict[str, str] = {}
        for a in page.main.find_all("a"):
            text = a.get("aria-label") or words(a)
            assert text, f"{name}: {a}"
            assert seen.setdefault(text, a["href"]) == a["href"], f"{name}: two places are called {text!r}"


# ---------------------------------------------------------- structured data


def test_s22_s23_the_graph_parses_and_the_article_says_what_the_page_says(site) -> None:
    for name in ARTICLES:
        page = site.page(name)
        news = thing(page, "NewsArticle")
        assert news["headline"] == words(page.h1)
        assert news["description"] == words(page.find(class_="dek"))
        for key in ("datePublished", "dateModified"):
            assert datetime.fromisoformat(news[key]).tzinfo is not None
        assert news["datePublished"] == page.find(class_="byline").find("time")["datetime"]
        assert news["isAccessibleForFree"] is True and news["inLanguage"] == "en"
        assert news["timeRequired"] == f"PT{minutes(page)}M"
        assert news["wordCount"] > 100


def test_s24_author_and_editor_are_persons_with_an_address(site) -> None:
    for name in ARTICLES:
        page = site.page(name)
        person = thing(page, "Person")
        news = thing(page, "NewsArticle")
        assert news["author"] == news["editor"] == {"@id": person["@id"]}
        assert person["name"] == "Dana Whitlock" and person["url"] == f"{BASE}/authors/dana-whitlock/"
        assert "software" not in json.dumps(person).lower()


def test_s25_citation_lists_every_source_in_order_and_based_on_the_primary_ones(site) -> None:
    for name in ARTICLES:
        page = site.page(name)
        news = thing(page, "NewsArticle")
        rows = page.select(".sources li")
        assert [c["url"] for c in news["citation"]] == [r.find("a")["href"] for r in rows]
        assert [c["name"] for c in news["citation"]] == [words(r.find(class_="t")) for r in rows]
        assert news["isBasedOn"] == [r.find("a")["href"] for r in rows if "Primary source" in words(r)]


def test_s26_the_questions_in_the_data_are_those_on_the_page(site) -> None:
    for name in ARTICLES:
        page = site.page(name)
        shown = []
        for div in page.select(".faq > div"):
            for sup in div.find_all("sup"):
                sup.extract()
            shown.append((words(div.h3), " ".join(" ".join(p.get_text().split()) for p in div.find_all("p"))))
        faq = [t for t in graph(page) if t["@type"] == "FAQPage"]
        told = [(q["name"], q["acceptedAnswer"]["text"]) for q in faq[0]["mainEntity"]] if faq else []
        assert told == shown
        assert bool(faq) == bool(shown)


def test_s27_the_trail_ends_at_the_page_and_leads_home(site) -> None:
    for name in ARTICLES:
        page = site.page(name)
        items = thing(page, "BreadcrumbList")["itemListElement"]
        assert [i["position"] for i in items] == [1, 2, 3]
        assert items[0]["item"] == f"{BASE}/"
        assert items[1] == {"@type": "ListItem", "position": 2, "name": words(page.find(class_="kicker")), "item": BASE + page.select_one(".kicker a")["href"]}
        assert items[2]["name"] == words(page.h1) and "item" not in items[2]


def test_s28_the_organisation_names_its_policies(site) -> None:
    org = thing(site.page("index.html"), "NewsMediaOrganization")
    assert org["correctionsPolicy"] == f"{BASE}/corrections/"
    assert org["ethicsPolicy"] == org["publishingPrinciples"] == f"{BASE}/how-we-work/"
    assert (site.out / "logo.svg").is_file() and org["logo"]["url"] == f"{BASE}/logo.svg"


def test_s29_open_graph_says_what_the_page_is(site) -> None:
    page = site.page(LEAD)
    of = {m["property"]: m["content"] for m in page.find_all("meta", property=True)}
    assert of["og:type"] == "article" and of["og:site_name"] == "The Readiness Brief"
    assert of["og:title"] == words(page.h1)
    assert of["article:published_time"] == "2026-11-24T07:00:00-05:00"
    assert of["article:modified_time"] == "2026-11-26T09:30:00-05:00"


def test_structured_data_cannot_be_left_by_any_text(site) -> None:
    for name, page in site.pages():
        block = page.find("script", type="application/ld+json")
        if name != "404.html":
            assert not set("<>&") & set(block.string), name


# --------------------------------------------------------------------- feeds


def atoms(site) -> list[str]:
    return sorted(p.relative_to(site.out).as_posix() for p in (site.out / "feeds").rglob("*.atom.xml"))


def test_s31_every_atom_feed_is_well_formed_and_its_ids_are_permanent(site) -> None:
    assert "feeds/all.atom.xml" in atoms(site) and "feeds/editions.atom.xml" in atoms(site) and "feeds/topics/hiring.atom.xml" in atoms(site)
    for name in atoms(site):
        ElementTree.fromstring(site.text(name))
        feed = feedparser.parse(site.text(name))
        assert not feed.bozo, name
        assert feed.entries, name
        for entry in feed.entries:
            day = re.search(r"tag:brief\.example\.org,(\d{4}-\d\d-\d\d):/", entry.id)
            assert day and entry.published.startswith(day.group(1)), entry.id
    ids = [e.id for e in feedparser.parse(site.text("feeds/all.atom.xml")).entries]
    assert ids == [
        "tag:brief.example.org,2026-11-24:/2026/11/insurer-ai-register/",
        "tag:brief.example.org,2026-11-24:/2026/11/city-permits/",
        "tag:brief.example.org,2026-11-24:/2026/11/hiring-notice/",
        "tag:brief.example.org,2026-11-24:/2026/11/vendor-terms/",
        "tag:brief.example.org,2026-11-17:/2026/11/meeting-notes/",
        "tag:brief.example.org,2026-11-17:/2026/11/permit-queue/",
        "tag:brief.example.org,2026-11-03:/2026/11/nine-questions/",
    ]


def test_s31_each_feed_has_an_id_and_a_page_of_its_own_and_entries_their_topics(site) -> None:
    ns = {"a": "http://www.w3.org/2005/Atom"}
    roots = {name: ElementTree.fromstring(site.text(name)) for name in atoms(site)}
    assert {root.findtext("a:id", namespaces=ns) for root in roots.values()} == {f"{BASE}/{name}" for name in roots}
    for name, root in roots.items():
        page = root.find("a:link[@rel='alternate']", ns).get("href")
        assert (site.out / page.removeprefix(f"{BASE}/") / "index.html").is_file(), name
    assert roots["feeds/topics/hiring.atom.xml"].find("a:link[@rel='alternate']", ns).get("href") == f"{BASE}/topics/hiring/"
    items = json.loads(site.text("feeds/all.json"))["items"]
    entries = roots["feeds/all.atom.xml"].findall("a:entry", ns)
    assert [[c.get("term") for c in e.findall("a:category", ns)] for e in entries] == [i["tags"] for i in items]
    assert items[0]["tags"] == ["AI inventory", "Insurance"]


def test_s32_the_json_feed_has_the_same_items(site) -> None:
    feed = json.loads(site.text("feeds/all.json"))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == f"{BASE}/feeds/all.json" and feed["home_page_url"] == f"{BASE}/"
    atom = feedparser.parse(site.text("feeds/all.atom.xml")).entries
    assert [(i["id"], i["url"], i["title"]) for i in feed["items"]] == [(e.id, e.link, e.title) for e in atom]
    # feedparser rewrites quotes; compared is what a reader sees.
    for item, entry in zip(feed["items"], atom, strict=True):
        assert words(BeautifulSoup(item["content_html"], "html.parser")) == words(BeautifulSoup(entry.content[0].value, "html.parser"))
        assert datetime.fromisoformat(item["date_published"]).tzinfo
        assert item["authors"] == [{"name": "Dana Whitlock", "url": f"{BASE}/authors/dana-whitlock/"}]


def test_s33_s34_feed_content_has_whole_addresses_and_each_leads_to_a_page(site) -> None:
    for item in json.loads(site.text("feeds/all.json"))["items"]:
        content = BeautifulSoup(item["content_html"], "html.parser")
        assert content.find(["script", "style", "img", "link", "iframe"]) is None
        assert all(not t.attrs.keys() - {"href", "rel", "aria-label", "datetime"} for t in content.find_all(True))
        assert content.find_all("a") and all(a["href"].startswith("https://") for a in content.find_all("a"))
        path = item["url"].removeprefix(f"{BASE}/")
        page = site.page(f"{path}index.html")
        assert words(page.find(class_="prose").find("p", class_=False)) in words(content)
        for a in content.find_all("a", href=re.compile(re.escape(item["url"]) + "#")):
            assert page.find(id=a["href"].partition("#")[2]), a["href"]


def test_s35_feed_titles_self_links_and_updated(site) -> None:
    ns = {"a": "http://www.w3.org/2005/Atom"}
    for name in atoms(site):
        root = ElementTree.fromstring(site.text(name))
        assert root.findtext("a:title", namespaces=ns).startswith("The Readiness Brief")
        assert root.find("a:link[@rel='self']", ns).get("href") == f"{BASE}/{name}"
        assert root.findtext("a:author/a:name", namespaces=ns) == "Dana Whitlock"
        newest = max(e.findtext("a:updated", namespaces=ns) for e in root.findall("a:entry", ns))
        assert datetime.fromisoformat(root.findtext("a:updated", namespaces=ns)) == max(
            datetime.fromisoformat(e.findtext("a:updated", namespaces=ns)) for e in root.findall("a:entry", ns)
        ), newest
    assert ElementTree.fromstring(site.text("feeds/all.atom.xml")).findtext("a:updated", namespaces=ns) == "2026-11-26T09:30:00-05:00"


def test_s36_the_sitemap_has_every_canonical_page_once(site) -> None:
    ns = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    root = ElementTree.fromstring(site.text("sitemap.xml"))
    found = {u.findtext("s:loc", namespaces=ns): u.findtext("s:lastmod", namespaces=ns) for u in root.findall("s:url", ns)}
    assert len(found) == len(root.findall("s:url", ns))
    canonical = {page.find("link", rel="canonical")["href"] for name, page in site.pages() if name != "404.html"}
    assert set(found) == canonical
    assert found[f"{BASE}/2026/11/insurer-ai-register/"] == "2026-11-26T09:30:00-05:00"
    assert found[f"{BASE}/2026/11/nine-questions/"] == "2026-11-03T07:00:00-05:00"
    assert found[f"{BASE}/"] == found[f"{BASE}/editions/4/"] == "2026-11-26T09:30:00-05:00"


def test_s38_robots_names_the_sitemap_and_blocks_nothing(site) -> None:
    assert site.text("robots.txt") == f"User-agent: *\nDisallow:\n\nSitemap: {BASE}/sitemap.xml\n"


def test_s40_llms_txt_tells_what_this_is_and_where(site) -> None:
    text = site.text("llms.txt")
    assert text.startswith("# The Readiness Brief\n\n> AI news")
    for path in ("/editions/4/", "/editions/1/", "/feeds/all.atom.xml", "/how-we-work/", "/corrections/"):
        assert f"({BASE}{path})" in text


# ------------------------------------------------------------------- article


def test_s41_the_head_of_an_article_is_complete(site) -> None:
    for name in ARTICLES:
        page = site.page(name)
        assert page.select_one(".kicker a")["href"].startswith("/topics/")
        assert words(page.h1) and words(page.find(class_="dek"))
        by = words(page.find(class_="byline"))
        assert re.match(r"By Dana Whitlock , editor Published November \d+, 2026 (Updated November \d+, 2026 )?\d+ min read$", by), by
        assert [words(b) for b in page.select(".short b")] == ["What happened.", "Why it matters.", "What to do."]


def test_s42_updated_is_shown_only_where_it_is_later(site) -> None:
    assert [n for n in ARTICLES if "Updated" in words(site.page(n).find(class_="byline"))] == [LEAD]


def test_s43_reading_time_is_counted_at_200_words_a_minute(site) -> None:
    for a in site.admitted.articles:
        page = site.page(f"2026/11/{a.id}/index.html")
        counted = sum(len(inline.text(md).split()) for where, md, _ in articles.passages(a.article) if where != "pull" and not where.startswith("faq:")) + sum(
            len(s.question.split()) for s in a.article.sections
        )
        counted += len((articles.MEANING + " " + articles.NEXT_STEP).split())
        shown = minutes(page)
        assert shown == max(1, -(-counted // 200))


def test_s44_the_evidence_line_is_counted_from_the_record(site) -> None:
    for a in site.admitted.articles:
        line = words(site.page(f"2026/11/{a.id}/index.html").find(class_="evidence"))
        primary = sum(s.kind == "primary" for s in a.article.sources)
        assert f"{a.ledger.made} of {a.ledger.made} claims cited" in line
        one = "a primary one" if primary else "not a primary one"
        told = f"1 source, {one}" if len(a.article.sources) == 1 else f"{len(a.article.sources)} sources, {primary} of them primary"
        assert told in line
        assert line.startswith("Approved by Dana Whitlock , November")


def test_s45_every_marker_has_a_source_and_every_source_a_marker_numbered_by_first_use(site) -> None:
    for name in ARTICLES:
        page = site.page(name)
        rows = {r["id"] for r in page.select(".sources li")}
        used = [a["href"].removeprefix("#") for a in page.select(".prose .cite a, .stat figcaption a")]
        assert set(used) == rows, name
        assert list(dict.fromkeys(used)) == [f"source-{n}" for n in range(1, len(rows) + 1)], name
        for a in page.select(".cite a"):
            assert a["aria-label"] == f"Source {a.get_text()}" and a["href"] == f"#source-{a.get_text()}"


def test_neighbouring_markers_read_as_two_numbers(site) -> None:
    assert "1, 2" in [sup.get_text() for sup in site.page(LEAD).find_all("sup")]


def test_s46_each_source_says_who_what_kind_when_and_about_its_archived_copy(site) -> None:
    for name in ARTICLES:
        for row in site.page(name).select(".sources li"):
            text = words(row.find(class_="d"))
            assert re.search(r"(Primary source|Reporting|Analysis|The vendor’s own statement)\.", text), text
            assert re.search(r"November \d+, 2026 ?\.", text) or "No date given." in text
            assert "Read November 20, 2026" in text
            assert "Archived copy" in text or "No archived copy: " in text


def test_s47_the_statistic_stands_in_the_passage_it_cites(site) -> None:
    a = site.catalog.by_id["insurer-ai-register"]
    page = site.page(LEAD)
    assert len(page.select(".stat")) == 1
    figure = words(page.select_one(".stat .num"))
    cited = page.select_one(".stat figcaption a")["href"]
    source = site.catalog.by_id["insurer-ai-register"].article.sources[int(cited[-1]) - 1].id
    assert any(figure in p.text for claim in a.ledger.claims for p in claim.passages if p.source == source)


def test_s48_the_pull_quote_stands_word_for_word_in_the_page_and_is_not_read_twice(site) -> None:
    page = site.page(LEAD)
    pull = page.find(class_="pull")
    assert pull["aria-hidden"] == "true"
    text = words(pull.p)
    pull.extract()
    assert text.strip("“”") in words(page.find(class_="prose"))


def test_s49_sections_ask_takeaways_are_three_to_five_questions_have_answers(site) -> None:
    page = site.page(LEAD)
    fixed = {articles.NEXT_STEP, "Sources", articles.FAQ, "How this briefing was made"}
    assert all(words(h).endswith("?") for h in page.select(".prose h2") if words(h) not in fixed)
    assert 3 <= len(page.select("ul.takeaways li")) <= 5
    assert all(words(p) for p in page.select(".faq p"))


def test_s50_meaning_and_next_step_with_time_who_and_result(site) -> None:
    page = site.page(LEAD)
    assert [words(d) for d in page.select(".meaning dt")] == ["Start with the list", "Put a name on each row", "Write down the limit"]
    assert words(page.select_one(".next .cost")) == "Time: 30 minutes. Who: whoever runs operations. You will have: a first register."


def test_s51_the_record_tells_collected_drafted_checked_approved_corrected(site) -> None:
    steps = {words(li.b): words(li.span) for li in site.page(LEAD).select(".steps li")}
    digest = site.catalog.by_id["insurer-ai-register"].record.digest
    assert steps == {
        "Collected": "Four items from three feeds on the public source list, read November 20, 2026.",
        "Drafted": "By software, without a language model, from those items and the house’s own guidance only. "
        "One sentence could not be shown in a source and was left out.",
        "Checked": "12 claims compared with what the sources say. None is without support.",
        "Approved": f"By Dana Whitlock, November 26, 2026. Revision {digest[7:19]} .",
        "Corrected": "November 26, 2026: An earlier version said the register covers pricing. It covers claims handling only.",
    }


def test_s52_the_claims_table_is_complete_and_passages_are_short(site) -> None:
    for a in site.admitted.articles:
        page = site.page(f"2026/11/{a.id}/index.html")
        rows = page.select(".claims tbody tr")
        shown = [claim for row in rows for claim in row.find("td").find_all(string=True, recursive=False)]
        assert {" ".join(claim.split()) for claim in shown} == {c.text for c in a.ledger.claims if c.type in article_page.NEEDS_SOURCE}
        carried = [(words(row.find_all("td")[1]), words(row.find_all("td")[2])) for row in rows]
        assert len(carried) == len(set(carried))
        for row in rows:
            cells = row.find_all("td")
            assert words(cells[1]) or "Nothing to this effect was found" in words(cells[2])
            assert all(len(p.split()) <= 40 for p in cells[2].get_text("\n").split("\n"))


def test_s59_the_correction_stands_above_the_lead_and_on_the_corrections_page(site) -> None:
    page = site.page(LEAD)
    note = page.find(class_="prose").find("p")
    assert "correction" in note["class"] and words(note).startswith("Correction, November 26, 2026")
    listed = words(site.page("corrections/index.html").main)
    assert "It covers claims handling only." in listed and "When a briefing is wrong" in listed


def test_s58_related_reading_shares_something_is_never_itself_and_never_later(site) -> None:
    for a in site.admitted.articles:
        found = site.catalog.related(a)
        assert len(found) <= 3 and a.id not in [c.id for c in found]
        for card in found:
            other = site.catalog.by_id[card.id].article
            assert set(other.topics) & set(a.article.topics) or {s.url for s in other.sources} & {s.url for s in a.article.sources}
            assert other.edition <= a.article.edition
    assert "No earlier briefing shares a topic or a source with this one." in words(site.page("2026/11/nine-questions/index.html"))
    assert [c.id for c in site.catalog.related(site.catalog.by_id["vendor-terms"])] == ["meeting-notes"]


# --------------------------------------------------------------- other pages


def test_s54_the_edition_page_is_complete(site) -> None:
    page = site.page("editions/4/index.html")
    assert words(page.h1).replace("\u00a0", " ") == "The week of November 17 to 23, 2026"
    text = words(page.main)
    assert text.startswith("No. 4 ")
    assert "5 min in all" in text
    assert [words(h) for h in page.select(".story h2")] == [a.article.title for a in site.catalog.newest.articles]
    assert "Previous: No. 3, November 17, 2026 Next: none yet." in text
    assert "Approved by Dana Whitlock, November 23, 2026, revision" in text
    rows = [r["id"] for r in page.select(".sources li")]
    used = [a["href"].removeprefix("#") for a in page.select(".cite a")]
    assert list(dict.fromkeys(used)) == rows[: len(set(used))]
    cited = {s.url for a in site.catalog.newest.articles for s in a.article.sources}
    assert {a["href"] for a in page.select(".sources .t a")} == cited
    assert "Previous: none, this is the first edition." in words(site.page("editions/1/index.html"))


def test_s55_s57_the_archive_states_the_week_without_an_edition(site) -> None:
    lines = [words(li) for li in site.page("archive/index.html").select(".lines li")]
    assert [re.search(r"No\. (\d+)", line).group(1) for line in lines] == ["4", "3", "2", "1"]
    assert lines[2] == "No edition was published this week. No. 2, November 10, 2026"
    assert "No. 2, November 10, 2026 No edition was published this week." in words(site.page("archive/2026/index.html").main)


def test_s56_every_article_is_reached_in_three_clicks(site) -> None:
    steps = _crawl.depth(site.out, BASE)
    assert {a: steps.get(a) for a in ARTICLES if steps.get(a, 9) > 3} == {}
    assert set(_crawl.read(site.out)) - set(steps) == {"404.html"}


def test_s56_counts_in_lists_are_right(site) -> None:
    page = site.page("topics/index.html")
    for li in page.select(".lines li"):
        listed = site.page(li.a["href"].strip("/") + "/index.html").select(".lines > li")
        said = {"One": 1, "Two": 2, "Three": 3}[words(li.span).split()[0]]
        assert said == len(listed)


def test_s60_sources_page_is_the_source_list_by_category(site) -> None:
    page = site.page("sources/index.html")
    assert [words(h) for h in page.select(".group h2")] == ["AI news", "Federal rules", "Cited so far"]
    first = words(page.select(".lines")[0].li)
    assert first == "Larkmoor Mutual Primary source: the authority or the party itself. Cited in one briefing"


def test_s61_deadlines_are_sorted_in_words_and_past_ones_apart(site) -> None:
    page = site.page("deadlines/index.html")
    groups = page.select(".group")
    ahead = [t["datetime"] for t in groups[0].find_all("time")]
    assert ahead == sorted(ahead) and min(ahead) >= "2026-11-24"
    assert [t["datetime"] for t in groups[1].find_all("time")] == ["2026-03-01"]
    assert "Checked against the official text by Dana Whitlock on November 20, 2026." in words(groups[0])
    assert words(groups[0]).count("Not yet checked against the official text by an editor.") == 3
    assert "dana@brief.example.org" not in site.text("deadlines/index.html")
    near = page.select(".due")
    assert [words(n) for n in near] == ["Near. Due this quarter."]


def test_s62_the_calendar_file(site) -> None:
    data = (site.out / "deadlines.ics").read_bytes()
    assert data.endswith(b"END:VCALENDAR\r\n") and b"\n" not in data.replace(b"\r\n", b"")
    assert max(len(line) for line in data.split(b"\r\n")) <= 75
    events = Calendar.from_ical(data).walk("VEVENT")
    assert [str(e["uid"]) for e in events] == [f"{d.id}@brief.example.org" for d in site.admitted.deadlines]
    for event, d in zip(events, site.admitted.deadlines, strict=True):
        assert event.decoded("dtstart") == d.date and (event.decoded("dtend") - d.date).days == 1
        assert event["dtstart"].params["VALUE"] == "DATE"
        assert event.decoded("dtstamp").date() == (d.verified or date(2026, 11, 3))
        assert str(event["url"]) == d.url


def test_s74_the_404_page_leads_on_and_not_away(site) -> None:
    page = site.page("404.html")
    hrefs = [a["href"] for a in page.main.find_all("a")]
    assert hrefs == ["/", "/archive/", "/topics/"]
    assert page.find("meta", attrs={"http-equiv": True}) is None


def test_s68_s69_s70_both_header_files_say_the_same(site) -> None:
    plain, apache = site.text("_headers"), site.text(".htaccess")
    first = dict(line.strip().split(": ", 1) for line in plain.split("/assets/*")[0].splitlines()[1:])
    assert first == dict(re.findall(r'Header always set ([A-Za-z-]+) "([^"]+)"', apache))
    policy = first["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ") and "unsafe" not in policy and "script-src" not in policy
    assert "form-action https://list.example.org;" in policy and "frame-ancestors 'none'" in policy and "base-uri 'none'" in policy
    assert set(first) >= {"Strict-Transport-Security", "X-Content-Type-Options", "Referrer-Policy", "Permissions-Policy", "Cross-Origin-Opener-Policy"}
    for text in (plain, apache):
        assert "public, max-age=31536000, immutable" in text and "X-Robots-Tag" in text
    assert 'Header set Cache-Control "public, max-age=300, must-revalidate"' in apache
    assert "ErrorDocument 404 /404.html" in apache


def test_home_shows_the_newest_edition(site) -> None:
    page = site.page("index.html")
    assert words(page.h1) == "Larkmoor Mutual publishes its AI register and names an owner for each system"
    assert [words(h) for h in page.select(".also h3")] == [a.article.title for a in site.catalog.newest.articles[1:]]
    assert [words(li.a) for li in page.select(".past li")] == [e.articles[0].article.title for e in site.catalog.editions[1:]]
    assert page.select_one(".nav a[aria-current]")["href"] == "/"


def test_the_strip_says_that_a_sample_is_one(site) -> None:
    for name, page in site.pages():
        assert "Sample: every name and fact here is invented" in words(page.find(class_="strip")), name


def test_the_house_pages_show_markup_as_text_and_their_links_work(site) -> None:
    page = site.page("about/index.html")
    assert page.find("script", type=None) is None
    assert "<script>alert(1)</script>" in page.main.get_text()
    assert page.select_one('.text a[href="/how-we-work/"]')


@pytest.mark.parametrize("path", ["index.html", LEAD, "editions/4/index.html", "404.html"])
def test_subscribing_is_a_plain_form(site, path: str) -> None:
    form = site.page(path).form
    assert form["action"] == "https://list.example.org/subscribe" and form["method"] == "post"
    field = form.find("input")
    assert field["type"] == "email" and field["autocomplete"] == "email" and form.find("label")["for"] == field["id"]
    assert len(form.find_all("input")) == 1

"""What holds for every page of every desk, whoever wrote it."""

from __future__ import annotations

import re
from urllib.parse import urljoin

import pytest

from console.desk import OPEN
from schema.admin.permissions import RULES, Needs
from staff.roles import PERMISSIONS, may
from staff.tables import Role

OUTSIDE = re.compile(
    r"""(?:(?:src|href|action|data-[a-z-]+)\s*=\s*["']?\s*|url\(\s*["']?|@import\s+["']?)(?:https?:)?//"""
)
NAMESPACES = re.compile(r"""xmlns(:\w+)?=["']http://www\.w3\.org/[^"']*["']""")
HANDLERS = re.compile(r"""<[^>]+\son[a-z]+\s*=""")
INLINE_STYLE = re.compile(r"""<[^>]+\sstyle\s*=""")


def rule_of(field):
    return RULES["Mutation"].get(field) or RULES["Query"][field]


def test_every_page_and_deed_follows_a_rule_of_the_admin_api(console):
    assert len(console.site.ways) >= 6
    for way in console.site.ways:
        assert way.rule == OPEN or rule_of(way.rule), way
        if way.method == "POST" and way.rule not in (OPEN, "staff"):
            assert way.rule in RULES["Mutation"], way
    assert {way.path for way in console.site.ways if way.rule == OPEN} == {"/sign-in", "/language"}


@pytest.mark.parametrize("role", list(Role))
def test_a_role_is_kept_from_every_page_and_deed_that_it_may_not_use(console, role):
    browser = console.as_(role)
    browser.get("/console/")
    kept_out = 0
    for way in console.site.ways:
        rule = rule_of(way.rule) if way.rule != OPEN else None
        if not isinstance(rule, Needs) or may(role, rule.permission):
            continue
        path = "/console" + re.sub(r"\{[^}]+\}", "x", way.path)
        if way.method == "GET":
            answer = browser.client.get(path)
        else:
            answer = browser.client.post(path, data={"csrf": browser.token})
        assert answer.status_code == 403, way
        kept_out += 1
    assert kept_out or PERMISSIONS[role] == PERMISSIONS[Role.ADMIN] or len(console.site.ways) < 8


def test_no_deed_is_done_without_the_token_of_the_session(console):
    browser = console.as_("ADMIN")
    for way in console.site.ways:
        if way.method == "POST":
            answer = browser.client.post("/console" + re.sub(r"\{[^}]+\}", "x", way.path), data={})
            assert answer.status_code == 403, way


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_no_page_names_an_address_elsewhere_or_has_code_inside_its_tags(console, language):
    browser = console.as_("ADMIN", language)
    for way in console.site.ways:
        if way.method != "GET":
            continue
        path = "/console" + re.sub(r"\{[^}]+\}", "x", way.path)
        answer = browser.get(path)
        assert answer.status_code in (200, 303, 404), (path, answer.text[:500])
        assert_clean(answer)


def assert_clean(answer):
    html = NAMESPACES.sub("", answer.text)
    assert not OUTSIDE.search(html), OUTSIDE.search(html)
    assert not HANDLERS.search(html), HANDLERS.search(html)
    assert not INLINE_STYLE.search(html), INLINE_STYLE.search(html)
    if answer.status_code != 303:
        nonce = re.search(r"'nonce-([^']+)'", answer.headers["content-security-policy"])[1]
        assert all(f'nonce="{nonce}"' in tag for tag in re.findall(r"<(?:script|style)\b[^>]*>", html))
        assert answer.headers["cache-control"] == "no-store"


def test_what_pages_load_is_served_by_ourselves_for_ever_and_loads_nothing_else(console):
    browser = console.as_("ADMIN")
    page = browser.get("/console/").text
    wanted = {*re.findall(r'(?:src|href)="(/console/static/[^"]+)"', page)}
    assert any("plotly" in address for address in wanted)
    for address in sorted(wanted):
        answer = browser.client.get(address)
        assert answer.status_code == 200, address
        assert "immutable" in answer.headers["cache-control"]
        if ".css" in address:
            css = NAMESPACES.sub("", answer.text.replace("\\", "").replace("%22", '"').replace("%27", "'"))
            assert not OUTSIDE.search(css), address


def test_a_style_sheet_names_its_fonts_so_that_they_are_fetched_once(console):
    browser = console.stranger()
    sheet = "/console/static/css/vendor/fontawesome.min.css"
    fonts = re.findall(r"url\((\.\./[^)]+)\)", browser.client.get(sheet).text)
    assert len(fonts) > 2
    for font in fonts:
        answer = browser.client.get(urljoin(sheet, font))
        assert answer.status_code == 200, font
        assert "immutable" in answer.headers["cache-control"], font


def test_a_files_address_changes_with_its_content(console):
    browser = console.stranger()
    answer = browser.client.get("/console/static/console.css")
    assert answer.headers["cache-control"] == "no-cache"
    again = browser.client.get("/console/static/console.css", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("path", ["../texts/common.py", "..%2Ftexts%2Fcommon.py", "nothing.css", "%00"])
def test_nothing_but_the_files_for_pages_is_served(console, path):
    assert console.stranger().client.get(f"/console/static/{path}").status_code == 404


def test_a_page_that_fails_says_so_in_words_and_tells_nothing_internal(console, monkeypatch):
    def fail(*_):
        raise RuntimeError("the secret inside")

    browser = console.as_("ADMIN", "en")
    monkeypatch.setattr("console.visit.Visit.window", fail)
    answer = browser.get("/console/orders")
    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.text
    assert "secret inside" not in answer.text


def test_an_address_that_leads_nowhere_says_so_and_shows_the_way_on(console):
    answer = console.as_("ADMIN", "en").get("/console/nothing-here")
    assert answer.status_code == 404
    assert "There is no such page" in answer.text
    assert 'href="/console/"' in answer.text

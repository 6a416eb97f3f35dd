"""方法: every method told in both languages, done by a function that exists, and linked from where it is used."""

from __future__ import annotations

import re
from importlib import import_module

import pytest

from dashboard.methods import LANGUAGES, methods
from dashboard.pages.methods import ANSWERS
from dashboard.warehouse import Snapshot
from tests.pages.test_exhibits import ADDRESSES
from tests.pages.test_pages import seen
from tests.trees import properties


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_method_is_told_in_full(sample: Snapshot, lang: str) -> None:
    said = set(seen(sample, f"/methods?lang={lang}").strings)
    for method in methods().values():
        words = method.text(lang)
        parts = [words.name, words.leaders, words.researchers, words.symbols, words.assumptions, words.avoid]
        assert all(parts)
        assert {*parts, method.formula, method.reference} <= said, method.id


def test_chinese_is_chinese_and_english_english() -> None:
    for method in methods().values():
        words = {lang: " ".join(vars(method.text(lang)).values()) for lang in LANGUAGES}
        assert not re.search(r"[A-Za-z]{3,}|[,;:!?]", words["zh"]), method.id
        assert not re.search(r"[\u4e00-\u9fff，。；：]", words["en"]), method.id


def test_every_method_is_done_by_a_function_that_exists() -> None:
    for method in methods().values():
        module, name = method.function.rsplit(".", 1)
        package = "dashboard" if "." in module else "dashboard.statistics"
        assert callable(getattr(import_module(f"{package}.{module}"), name)), method.id


def test_the_methods_named_for_a_question_exist() -> None:
    assert {id for ids in ANSWERS.values() for id in ids} <= set(methods())


def test_links_of_charts_lead_to_methods_and_keep_the_filters(sample: Snapshot) -> None:
    met: set[str] = set()
    for address in ["/communities?period=this_year", "/communities?metric=incidents_per_1000_households", *ADDRESSES]:
        found = [link for link in seen(sample, address).links if link.startswith("/methods") and "#" in link]
        assert all(("period=this_year" in link) == ("period=this_year" in address) for link in found), address
        met |= {link.split("#")[1] for link in found}
    assert met == set(methods()), "a method that no chart leads to, or a link to none"


def test_a_wall_has_no_links_to_methods(sample: Snapshot) -> None:
    assert not [link for link in seen(sample, "/communities?wall=1").links if "/methods" in link]


def test_the_places_links_lead_to_are_on_the_page(sample: Snapshot) -> None:
    body = seen(sample, "/methods").body
    places = {properties(card).get("id") for card in properties(body[-1])["children"]}
    assert places == set(methods())

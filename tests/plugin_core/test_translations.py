"""Every text of the plugin is translated, and the pages of help that it names are there."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

from qgis_plugin.help_pages import help_files
from qgis_plugin.source_texts import PLUGIN, SourceText, source_texts, texts_of
from qgis_plugin.ts_file import Message, as_ts, read_messages, renewed, ts_files

HOW = "run `make translations`, translate what it lists in the .ts file, and run the test again"
PLACE = re.compile(r"%(?:\d|n)")
LANGUAGES = sorted(ts_files())


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_text_has_a_finished_translation_and_no_other_has_one(language: str) -> None:
    messages = read_messages(ts_files()[language])

    assert [message.source for message in messages] == list(source_texts()), HOW
    assert [message.source.text for message in messages if not message.is_finished] == [], HOW


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_have_the_places_the_endings_and_the_filters_of_their_texts(language: str) -> None:
    for message in read_messages(ts_files()[language]):
        text = message.source.text
        for form in message.forms:
            assert Counter(PLACE.findall(form)) == Counter(PLACE.findall(text)), text
            assert re.findall(r"\*\.\w+", form) == re.findall(r"\*\.\w+", text), text
            assert (form[-1] == " ", form[-1] == "…") == (text[-1] == " ", text[-1] == "…"), text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_that_is_renewed_without_need_stays_as_it_is(language: str) -> None:
    path = ts_files()[language]

    assert as_ts(renewed(read_messages(path), source_texts(), language), language) == path.read_text(encoding="utf-8")


def test_renewing_adds_what_is_missing_and_drops_what_is_gone() -> None:
    kept = Message(SourceText("kept", False), ("behalten",))
    gone = Message(SourceText("gone", False), ("weg",))
    sources = (SourceText("%n new", True), kept.source)

    assert renewed((gone, kept), sources, "de") == (Message(sources[0], ("", "")), kept)


def test_texts_are_found_with_values_and_numbers_and_over_several_lines() -> None:
    source = 'tr("a %1", 1)\ntr("%n b", n=2)\nphrase("c "\n  "d")\ntr(NAME)\ntr(error.what)\nother("e")'

    assert set(texts_of(source, "x.py")) == {
        SourceText("a %1", False),
        SourceText("%n b", True),
        SourceText("c d", False),
    }


@pytest.mark.parametrize("call", ['tr(f"{x} cells")', 'tr("a" + b)', "phrase(NAME)", 'tr("a" if x else "b")'])
def test_a_text_that_could_not_be_looked_up_is_refused(call: str) -> None:
    with pytest.raises(ValueError, match=r"x\.py:1: .*%1, %2"):
        list(texts_of(call, "x.py"))


def test_the_pages_that_tabs_and_algorithms_name_are_shipped_with_their_pictures_and_links() -> None:
    files = help_files()
    pages = {name: content.decode() for name, content in files.items() if name.endswith(".md")}
    named = {name for path in PLUGIN.rglob("*.py") for name in _pages_named(path)}

    assert len(named) >= 6
    assert {f"plugin/{name}.md" for name in named} <= set(pages)
    linked = {target for text in pages.values() for target in re.findall(r"\]\(([^)#]+)", text)}
    assert {Path("plugin", target).as_posix().replace("plugin/../", "") for target in linked} <= set(files)


def _pages_named(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    named = [node.args[0] for node in calls if node.func.id == "help_url"]
    named += [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["help_page"]
    ]
    return {node.value for node in named if isinstance(node, ast.Constant) and node.value}

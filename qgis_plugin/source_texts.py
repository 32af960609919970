"""The texts of the plugin that are translated, found in its sources: what `tr` and `phrase` are called with."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from qgis_plugin.metadata import FOLDER, METADATA, TRANSLATED, written_metadata

PLUGIN = FOLDER / "entropice"
MARKS = ("tr", "phrase")


@dataclass(frozen=True)
class SourceText:
    """An English text; `is_counted` says that it tells a number as ``%n``, which has forms in other languages."""

    text: str
    is_counted: bool


def source_texts(folder: Path = PLUGIN) -> tuple[SourceText, ...]:
    """Every text once, sorted; those of the metadata among them.

    Raises
    ------
    ValueError
        A text is put together where it is looked up, so that no translation could be found.
    """
    found = {text for path in folder.rglob("*.py") for text in texts_of(path.read_text(encoding="utf-8"), path.name)}
    metadata = written_metadata(folder / METADATA.name)
    found |= {SourceText(metadata[key], False) for key in TRANSLATED}
    counted = {each.text for each in found if each.is_counted}
    return tuple(SourceText(text, text in counted) for text in sorted({each.text for each in found}))


def texts_of(source: str, name: str) -> Iterator[SourceText]:
    """The texts of one file of Python; `name` is what to call it in an error."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS:
            is_counted = any(keyword.arg == "n" for keyword in node.keywords)
            for text in _literals(node.args[0], node.func.id, f"{name}:{node.lineno}"):
                yield SourceText(text, is_counted)


def _literals(node: ast.expr, mark: str, place: str) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif mark == "phrase" or not isinstance(node, ast.Name | ast.Attribute | ast.Call):
        raise ValueError(
            f"{place}: {mark}({ast.unparse(node)}) has no translation: write one text in quotes, with %1, %2… where "
            f"values go, and the values behind it."
        )

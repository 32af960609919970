from entropice.incremental.statements import read_statements

MODULE = '''"""Docstring."""
from __future__ import annotations

import heavy.part as part
from package.errors import First, Second as Other
from . import beside
from ..above import thing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from package.only_for_types import Hint
else:
    Hint = object

LIMIT = 3
TABLE["x"] = LIMIT


@cache
def work(x):
    """Text."""
    if TYPE_CHECKING:
        from package.never import run
    from package.inside import helper

    return helper(x, LIMIT)
'''


def _read():
    return {name: item for item in read_statements(MODULE, "package.room.module", False) for name in item.binds}


def test_every_alias_of_an_import_is_a_statement_of_its_own() -> None:
    found = _read()

    assert found["First"].imports == {("package.errors", "First")}
    assert found["Other"].imports == {("package.errors", "Second")}
    assert found["part"].imports == {("heavy.part", None)}


def test_relative_imports_are_resolved_from_the_package() -> None:
    found = _read()

    assert found["beside"].imports == {("package.room", "beside")}
    assert found["thing"].imports == {("package.above", "thing")}
    (inner,) = read_statements("from .part import x", "package.room", is_package=True)
    assert inner.imports == {("package.room.part", "x")}


def test_imports_within_functions_count_and_those_for_type_checkers_do_not() -> None:
    assert _read()["work"].imports == {("package.inside", "helper")}
    assert {"Hint"} <= _read().keys()
    assert _read()["Hint"].imports == frozenset()


def test_decorators_belong_to_the_text_of_what_they_decorate() -> None:
    work = _read()["work"]

    assert work.text.startswith("@cache\ndef work(x):")
    assert work.decorators == {"cache"}
    assert {"helper", "LIMIT"} <= work.uses


def test_only_plain_definitions_can_be_left_out() -> None:
    unusual = [item.text for item in read_statements(MODULE, "package.room.module", False) if not item.is_definition]

    assert unusual == ['TABLE["x"] = LIMIT']


def test_what_is_no_python_is_one_statement() -> None:
    (statement,) = read_statements("def broken(:\n", "package.module", False)

    assert not statement.is_definition
    assert statement.text == "def broken(:\n"

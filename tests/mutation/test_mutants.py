"""Faults are small, lie where values are made, and are drawn alike and the same from one seed."""

import ast
from collections import Counter
from pathlib import Path

import pytest

from mutation.mutants import OPERATORS, Mutant, mutants_of, mutated, sample

SOURCE = '''\
@cache(4)
def half(x: int | None = 1, *, y: "a | b" = 2) -> float | None:
    """Of 2 numbers."""
    for pair in zip(x, y, strict=True):
        kept: int | None = pair
    return x / 2 if x > 0 and not y else -y
'''


def changed(mutant: Mutant) -> tuple[str, str]:
    before, after = (text.splitlines()[mutant.line - 1] for text in (SOURCE, mutated(SOURCE, mutant)))
    return before, after


def test_each_fault_changes_its_line_alone_and_leaves_python() -> None:
    for mutant in mutants_of("half", SOURCE):
        lines = list(zip(SOURCE.splitlines(), mutated(SOURCE, mutant).splitlines(), strict=True))

        assert [number for number, (before, after) in enumerate(lines, 1) if before != after] == [mutant.line]
        ast.parse(mutated(SOURCE, mutant))


def test_types_decorators_docstrings_and_strictness_stay_as_they_are() -> None:
    by_line = Counter(mutant.line for mutant in mutants_of("half", SOURCE))

    assert set(by_line) == {2, 4, 6}
    assert {changed(mutant)[1] for mutant in mutants_of("half", SOURCE) if mutant.line == 2} == {
        f'def half(x: int | None ={x}, *, y: "a | b" ={y}) -> float | None:'
        for x, y in ((" 0", " 2"), (" 2", " 2"), (" 1", " 1"), (" 1", " 3"))
    }
    assert [changed(mutant)[1].strip() for mutant in mutants_of("half", SOURCE) if mutant.line == 4] == [
        "for pair in []:"
    ]


def test_values_are_changed_in_every_way_once() -> None:
    after = [changed(mutant)[1].strip() for mutant in mutants_of("half", SOURCE) if mutant.line == 6]

    assert len(after) == len(set(after))
    assert "return x * 2 if x > 0 and not y else -y" in after
    assert "return x / 2 if x >= 0 and not y else -y" in after
    assert "return x / 2 if x > 0 or not y else -y" in after
    assert "return x / 2 if x > 0 and  y else -y" in after
    assert "return x / 2 if x > 0 and not y else +y" in after


def test_all_operators_are_known() -> None:
    assert len(set(OPERATORS)) == len(OPERATORS)
    assert list(mutants_of("empty", "")) == []


def test_a_fault_of_another_text_is_refused() -> None:
    with pytest.raises(ValueError, match="no mutant"):
        mutated("x = 1\n", Mutant("half", "AddNot", 0, 1, 0))


def test_a_sample_is_that_of_its_seed_and_a_larger_one_begins_with_it(tmp_path: Path) -> None:
    modules = [tmp_path / f"{name}.py" for name in "ab"]
    for module in modules:
        module.write_text(SOURCE)

    few, many = (sample(modules, tmp_path, n, seed=3) for n in (4, 1000))

    assert few == many[:4] == sample(modules[::-1], tmp_path, 4, seed=3)
    assert few != sample(modules, tmp_path, 4, seed=4)
    places = [(mutant.module, mutant.line, mutant.column) for mutant in many]
    assert len(set(places)) == len(places)
    assert set(places) == {(f"{name}.py", m.line, m.column) for name in "ab" for m in mutants_of(name, SOURCE)}

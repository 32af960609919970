"""Shares worked by hand, and what is said of a room below its bound."""

from coverage_gate.coverage_table import Covered, modules, objections, table


def summary(statements: int, lines_run: int, branches: int, branches_run: int) -> dict[str, int]:
    keys = ("num_statements", "covered_lines", "num_branches", "covered_branches")
    return dict(zip(keys, (statements, lines_run, branches, branches_run), strict=True))


def module(lines: list[int], branches: list[list[int]], n: int = 10) -> dict[str, object]:
    figures = summary(n, n - len(lines), 4, 4 - len(branches))
    return {"summary": figures, "missing_lines": lines, "missing_branches": branches}


DOCUMENT = {
    "totals": summary(30, 28, 12, 10),
    "files": {"a.py": module([], []), "b.py": module([7], [[6, 7], [9, -1]]), "c.py": module([3], [])},
}


def test_statements_and_branches_count_alike() -> None:
    assert Covered("room", 30, 28, 12, 10).percent == 100 * 38 / 42
    assert Covered("room", 30, 28, 12, 10).missed == 4
    assert Covered("empty", 0, 0, 0, 0).percent == 100


def test_the_module_that_misses_most_comes_first_and_one_that_misses_nothing_not_at_all() -> None:
    assert [(one.name, one.missed, lines) for one, lines in modules(DOCUMENT)] == [
        ("b.py", 3, [6, 7, 9]),
        ("c.py", 1, [3]),
    ]


def test_a_room_at_its_bound_is_not_objected_to() -> None:
    bound = 100 * 38 / 42

    assert list(objections("room", DOCUMENT, bound)) == []
    assert list(objections("room", DOCUMENT, bound + 1e-9))[1:] == [
        "  b.py: 3, lines 6, 7, 9",
        "  c.py: 1, lines 3",
    ]


def test_a_row_a_room() -> None:
    assert list(table({"room": (DOCUMENT, 95.0)}))[2:] == ["| room | 30 | 12 | 90.5 % | 95 % |"]

"""Write docs/wrong-inputs.md by provoking every wrong input; ``make tables`` runs it."""

from pathlib import Path
from tempfile import TemporaryDirectory

from bad_inputs import BadInput, groups

HEADER = """# Wrong inputs, and what is said of them

Every kind of wrong input that the tests try, and the message it ends in. `make tables` writes the page, the inputs are
made by `tests/support/bad_inputs`, and a test holds that both agree. Folders are shortened to `…`.
"""

TABLE = """
| kind | message | file | field | got | expected | fix |
|---|---|---|---|---|---|---|
"""


def page() -> str:
    """The page, with one table a group."""
    return HEADER + "".join(f"\n## {name.capitalize()}\n{_table(kinds)}" for name, kinds in groups().items())


def _table(kinds: tuple[BadInput, ...]) -> str:
    return TABLE + "".join(map(_row, kinds))


def _row(bad: BadInput) -> str:
    with TemporaryDirectory() as name:
        return bad.row(bad.refusal(Path(name)), Path(name))


if __name__ == "__main__":
    Path("docs/wrong-inputs.md").write_text(page(), encoding="utf-8")

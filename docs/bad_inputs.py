"""Write docs/bad-inputs.md by provoking every wrong input (``PYTHONPATH=tests/support python docs/bad_inputs.py``)."""

import re
from pathlib import Path
from tempfile import TemporaryDirectory

from bad_inputs import BadInput, groups

from entropice.errors import EntropiceError

HEADER = """# Wrong inputs, and what is said of them

Every kind of wrong input that is tried by the tests, and the message it ends in. The page is written by
`docs/bad_inputs.py`; the inputs are made by `tests/support/bad_inputs`. Folders are shortened to `…`.
"""

TABLE = """
| kind | message | file | field | got | expected | fix |
|---|---|---|---|---|---|---|
"""


def page() -> str:
    """The page, with one table a group."""
    return HEADER + "".join(f"\n## {name.capitalize()}\n{_table(kinds)}" for name, kinds in groups().items())


def _table(kinds: tuple[BadInput, ...]) -> str:
    return TABLE + "".join(_row(bad) for bad in kinds)


def _row(bad: BadInput) -> str:
    refusal = _refusal(bad)
    said = [refusal.what, refusal.path, refusal.field, refusal.got, refusal.expected, refusal.fix]
    return f"| {' | '.join(map(_cell, [bad.kind, *said]))} |\n"


def _refusal(bad: BadInput) -> EntropiceError:
    with TemporaryDirectory() as name:
        folder = Path(name).resolve()
        try:
            bad.provoke(folder)
        except EntropiceError as refusal:
            parts = ("path", "field", "got", "expected", "fix")
            shortened = {part: _shortened(getattr(refusal, part), folder) for part in parts}
            return EntropiceError(_shortened(refusal.what, folder), **shortened)
    raise AssertionError(f"'{bad.kind}' was accepted")


def _shortened(text: object, folder: Path) -> str:
    return re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1", str(text).replace(str(folder), "…"))


def _cell(text: object) -> str:
    return " ".join(str(text).replace("|", "\\|").split())


if __name__ == "__main__":
    Path("docs/bad-inputs.md").write_text(page(), encoding="utf-8")

"""The one error of the plugin: what is wrong with a run folder, where, and what to do about it."""

from __future__ import annotations

from pathlib import Path

from .language import tr

MAX_GOT_CHARACTERS = 160


class RunFolderError(Exception):
    """A run folder cannot be opened as it is.

    `str()` of it is `what`, and below it one indented line each for file, field, got, expected and fix; what is None
    has no line. `got` is kept as text, at most 160 characters long.

    Parameters
    ----------
    what
        One sentence: what is wrong.
    path
        The file or folder concerned.
    field
        The manifest key, table, column or property of the file concerned.
    got, expected
        What was found, shown shortened, and what should have been there.
    fix
        What the user can do.
    """

    def __init__(
        self,
        what: str,
        *,
        path: Path,
        field: str,
        got: object = None,
        expected: str | None = None,
        fix: str,
    ) -> None:
        self.what = what
        self.path = path
        self.field = field
        self.got = None if got is None else shortened(str(got), MAX_GOT_CHARACTERS)
        self.expected = expected
        self.fix = fix
        super().__init__(self._message())

    def _message(self) -> str:
        rows = [
            (tr("file"), self.path),
            (tr("field"), self.field),
            (tr("got"), self.got),
            (tr("expected"), self.expected),
            (tr("fix"), self.fix),
        ]
        return "\n".join([self.what, *(f"  {name}: {value}" for name, value in rows if value is not None)])


def shortened(text: str, n_characters: int) -> str:
    """The text, its end replaced by … where it is longer.

    The result has at most `n_characters` (1 or more), the … among them; a text of exactly that length stays as it is.

    Examples
    --------
    >>> shortened("abcd", 4), shortened("abcde", 4)
    ('abcd', 'abc…')
    """
    return text if len(text) <= n_characters else text[: n_characters - 1] + "…"

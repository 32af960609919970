"""Errors that tell a user what is wrong, where, and what to do about it."""

import difflib
import re
from collections.abc import Iterable
from pathlib import Path

MAX_SAMPLE = 5


class EntropiceError(Exception):
    """Base of every error this package raises on purpose.

    Parameters
    ----------
    what
        One sentence: what is wrong.
    path
        The file or folder concerned.
    field
        The column, variable, parameter or attribute concerned.
    got, expected
        What was found and what should have been there.
    sample
        Offending values; at most ``MAX_SAMPLE`` are shown.
    fix
        What the user can do: an action or a command.
    """

    def __init__(
        self,
        what: str,
        *,
        path: Path | str | None = None,
        field: str | None = None,
        got: object = None,
        expected: object = None,
        sample: Iterable[object] = (),
        fix: str | None = None,
    ) -> None:
        self.what = what
        self.path = None if path is None else str(path)
        self.field = field
        self.got = got
        self.expected = expected
        self.sample = [value for value, _ in zip(sample, range(MAX_SAMPLE), strict=False)]
        self.fix = fix
        super().__init__(what)

    def __str__(self) -> str:
        rows = [
            ("file", self.path),
            ("field", self.field),
            ("got", self.got),
            ("expected", self.expected),
            ("for example", ", ".join(map(str, self.sample)) or None),
            ("fix", self.fix),
        ]
        return "\n".join([self.what, *(f"  {name}: {value}" for name, value in rows if value is not None)])


def without_keys(text: str) -> str:
    """The text with addresses cut before what may hold a key: user information, and the values of a query.

    What stands before ``@`` in an address becomes ``…``, and so does its query where it has an ``=``.

    Examples
    --------
    >>> without_keys("GET https://me:secret@host.org/a?token=abc&b=1 failed; see https://host.org/a?b")
    'GET https://…@host.org/a?… failed; see https://host.org/a?b'
    """
    return re.sub(r"""\?[^\s'")\]]*=[^\s'")\]]*""", "?…", re.sub(r"(?<=//)[^/@\s]+@", "…@", text))


def suggestion(name: str, known: Iterable[str]) -> str:
    """How to go on after a name that is not known: the nearest one, or all of them.

    A part of a sentence, to be set right behind the name. The nearest is difflib's (``get_close_matches``), if one is
    at least 0.6 alike; of no names at all none is listed.

    Examples
    --------
    >>> suggestion("rigde", ["ridge", "espa"]), suggestion("x", ["ridge", "espa"])
    ('; did you mean ridge?', '; known here: ridge, espa')
    """
    names = list(known)
    nearest = difflib.get_close_matches(name, names, n=1)
    return f"; did you mean {nearest[0]}?" if nearest else f"; known here: {', '.join(names)}"


class ConfigError(EntropiceError):
    """A parameter or configuration file is wrong."""


class InputFileError(EntropiceError):
    """A file is missing, truncated, damaged, or not what its name says."""


class DownloadError(EntropiceError):
    """A source cannot be found, reached or trusted where it is published; its text holds no key of an address."""

    def __str__(self) -> str:
        return without_keys(super().__str__())


class SchemaError(EntropiceError):
    """A table or array lacks a column, variable, unit or CRS, or has values that cannot be."""


class GridError(EntropiceError):
    """A grid key, level, cell or region is wrong."""


class LabelError(EntropiceError):
    """Labels cannot support what is asked of them."""


class FeatureError(EntropiceError):
    """Features cannot be derived from the sources given."""


class ModelFileError(EntropiceError):
    """A saved model does not fit its description or its data."""


class RunStateError(EntropiceError):
    """An earlier step has not been run, or its output was changed since."""

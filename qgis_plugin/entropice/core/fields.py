"""Typed reading of JSON: every wrong value is reported with the path of its key."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from .errors import RunFolderError, shortened
from .language import tr
from .safe_names import REBUILD

MAX_TEXT_CHARACTERS = 10_000
MAX_LABEL_CHARACTERS = 200
MAX_ENTRIES = 20_000
MAX_WHOLE_NUMBER = 2**53
LAST_YEAR = 9999
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_EXPRESSION = "[%"
_Value = TypeVar("_Value")


@dataclass(frozen=True)
class Fields:
    """One JSON object of the file `path`; `prefix` is where it stands, such as ``layers[2].``.

    Every reader returns the value under `key`, or raises RunFolderError naming file, key, value and expectation.

    A key that is not there is an error in all of them but `has`; keys that nobody asks for are ignored. True and false
    are no numbers.

    Examples
    --------
    >>> layer = Fields(Path("manifest.json"), {"year": 2021, "unit": None}, "layers[2].")
    >>> layer.whole_number("year"), layer.optional_text("unit"), layer.has("model")
    (2021, None, False)
    >>> layer.name_of("year")
    'layers[2].year'
    """

    path: Path
    values: Mapping[str, Any]
    prefix: str = ""

    def name_of(self, key: str) -> str:
        """Full name of a key, as shown in errors."""
        return self.prefix + key

    def wrong(self, key: str, got: object, expected: str, fix: str = REBUILD) -> RunFolderError:
        """The error for a value that is not as expected.

        It is returned, not raised. `key` gets `prefix` before it, `got` is shortened to 160 characters, and `fix`,
        English text, is translated; by default it is to make the run folder again.
        """
        return RunFolderError(
            tr("The manifest of this run is not usable."),
            path=self.path,
            field=self.name_of(key),
            got=got,
            expected=expected,
            fix=tr(fix),
        )

    def text(self, key: str) -> str:
        """A text that QGIS shows as it is: no control characters, no expressions, at most 10,000 characters.

        What a text may not hold: control characters other than tab and line feed, line and paragraph separators, marks
        that turn the direction of writing, lone surrogates, and ``[%``, with which an expression of QGIS begins. The
        text is returned as it stands; the empty text is one.

        Raises
        ------
        RunFolderError
            There is no such key, its value is no text, is too long, or holds any of these.
        """
        return self._clean(key, self._typed(key, str, "text"))

    def optional_text(self, key: str) -> str | None:
        """A text or null.

        Raises
        ------
        RunFolderError
            There is no such key, or the value is neither null nor what `text` accepts.
        """
        return None if self.is_null(key) else self.text(key)

    def label(self, key: str) -> str:
        r"""A text as a line of a list or legend, shortened to 200 characters.

        Any run of white space, line feeds among it, becomes one space; what is longer than 200 characters ends in ….

        Raises
        ------
        RunFolderError
            `text` refuses the value.

        Examples
        --------
        >>> Fields(Path("manifest.json"), {"title": "  Slumps\n2021 "}).label("title")
        'Slumps 2021'
        """
        return shortened(" ".join(self.text(key).split()), MAX_LABEL_CHARACTERS)

    def matching(self, key: str, pattern: str, expected: str) -> str:
        """Text that the regular expression `pattern` matches as a whole.

        `expected` says in words what the pattern asks for.

        Raises
        ------
        RunFolderError
            `text` refuses the value, or the pattern does not match all of it.
        """
        value = self.text(key)
        if re.fullmatch(pattern, value) is None:
            raise self.wrong(key, repr(value), expected)
        return value

    def one_of(self, key: str, allowed: tuple[str, ...]) -> str:
        """One of the texts `allowed`.

        Raises
        ------
        RunFolderError
            `text` refuses the value, or it is none of these, letter by letter.
        """
        value = self.text(key)
        if value not in allowed:
            raise self.wrong(key, repr(value), "one of " + ", ".join(allowed))
        return value

    def whole_number(self, key: str, minimum: int = 0, maximum: int = MAX_WHOLE_NUMBER) -> int:
        """A whole number from `minimum` to `maximum`, both included.

        The largest by default is 2⁵³, up to which a double tells all whole numbers apart.

        Raises
        ------
        RunFolderError
            There is no such key, its value is no whole number (2.0 and true are none), or it is outside.
        """
        value = self._typed(key, int, "a whole number")
        if not minimum <= value <= maximum:
            raise self.wrong(key, value, f"{minimum} to {maximum}")
        return value

    def optional_year(self, key: str) -> int | None:
        """A year from 1 to 9999, or None where the value is null.

        Raises
        ------
        RunFolderError
            There is no such key, or the value is neither.
        """
        return None if self.is_null(key) else self.whole_number(key, 1, LAST_YEAR)

    def truth(self, key: str) -> bool:
        """True or false.

        Raises
        ------
        RunFolderError
            There is no such key, or the value is neither; 0 and 1 are neither.
        """
        value = self._present(key)
        if not isinstance(value, bool):
            raise self.wrong(key, repr(value), "true or false")
        return value

    def number(self, key: str, minimum: float = -math.inf, maximum: float = math.inf) -> float:
        """A finite number from `minimum` to `maximum`, both included, as a float; whole numbers are numbers, too.

        Raises
        ------
        RunFolderError
            There is no such key, its value is no number (true is none), not finite, beyond every float, or outside.

        Examples
        --------
        >>> Fields(Path("manifest.json"), {"bound": 1}).number("bound", 0, 1)
        1.0
        """
        value = self._present(key)
        if not _is_number(value) or not minimum <= value <= maximum:
            raise self.wrong(key, repr(value), f"a number, {minimum:g} to {maximum:g}")
        return float(value)

    def numbers(self, key: str) -> tuple[float, ...]:
        """A list of finite numbers, as floats in their order; it may be empty, and has at most 20,000 entries.

        Raises
        ------
        RunFolderError
            There is no such key, its value is no list or too long a one, or an entry is no finite number (null is
            none).
        """
        values = self._list(key, "numbers")
        for value in values:
            if not _is_number(value):
                raise self.wrong(key, repr(value), "a list of numbers")
        return tuple(float(value) for value in values)

    def optional_numbers(self, key: str) -> tuple[float | None, ...]:
        """A list of finite numbers or null, as floats and None in their order.

        Raises
        ------
        RunFolderError
            There is no such key, its value is no list, or an entry is neither.

        Examples
        --------
        >>> Fields(Path("manifest.json"), {"mean": [0, None, 2.5]}).optional_numbers("mean")
        (0.0, None, 2.5)
        """
        known = [value for value in self._typed(key, list, "a list of numbers or null") if value is not None]
        numbers = iter(Fields(self.path, {key: known}, self.prefix).numbers(key))
        return tuple(None if value is None else next(numbers) for value in self.values[key])

    def texts(self, key: str, pattern: str = r"(?s).*", expected: str = "texts") -> tuple[str, ...]:
        """A list of texts, each matching `pattern` as a whole.

        They stand in their order and are such as `text` accepts; the list may be empty, and has at most 20,000 entries.
        `expected` says in words what the pattern asks for.

        Raises
        ------
        RunFolderError
            There is no such key, its value is no list or too long a one, or an entry is no such text.
        """
        values = self._list(key, expected)
        for value in values:
            if not isinstance(value, str) or re.fullmatch(pattern, value) is None:
                raise self.wrong(key, repr(value), f"a list of {expected}")
        return tuple(self._clean(key, value) for value in values)

    def years(self, key: str) -> tuple[int, ...]:
        """A list of years from 1 to 9999, in their order; it may be empty, and a year may stand there twice.

        Raises
        ------
        RunFolderError
            There is no such key, its value is no list, or an entry is no such whole number.
        """
        values = self._list(key, "years")
        for value in values:
            if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= LAST_YEAR:
                raise self.wrong(key, repr(value), "a list of years")
        return tuple(values)

    def object(self, key: str) -> Fields:
        """A nested JSON object.

        Its `prefix` is that of this one with ``key.`` after it.

        Raises
        ------
        RunFolderError
            There is no such key, or its value is no object.
        """
        return Fields(self.path, self._typed(key, dict, "an object"), self.prefix + key + ".")

    def objects(self, key: str) -> Iterator[Fields]:
        """The objects of a list one by one, each with the `prefix` ``key[i].``; the list may be empty.

        As it is an iterator, an entry is looked at, and refused, only when it is its turn.

        Raises
        ------
        RunFolderError
            There is no such key, its value is no list or one of more than 20,000 entries, or an entry is no object.
        """
        for index, value in enumerate(self._list(key, "objects")):
            if not isinstance(value, dict):
                raise self.wrong(f"{key}[{index}]", repr(value), "an object")
            yield Fields(self.path, value, f"{self.prefix}{key}[{index}].")

    def optional_object(self, key: str) -> Fields | None:
        """A nested JSON object, or None where the value is null.

        Raises
        ------
        RunFolderError
            There is no such key, or the value is neither.
        """
        return None if self.is_null(key) else self.object(key)

    def has(self, key: str) -> bool:
        """Whether there is such a key; some are of later versions of the schema."""
        return key in self.values

    def is_null(self, key: str) -> bool:
        """Whether the value of a key is null, which is "unknown"; a key that is not there is an error, see `has`.

        Raises
        ------
        RunFolderError
            There is no such key.
        """
        return self._present(key) is None

    def _clean(self, key: str, text: str) -> str:
        if len(text) > MAX_TEXT_CHARACTERS:
            raise self.wrong(key, f"{len(text)} characters", f"at most {MAX_TEXT_CHARACTERS} characters")
        if _EXPRESSION in text or _CONTROLS.search(text):
            raise self.wrong(key, repr(text), f"text without control characters and without {_EXPRESSION}")
        return text

    def _list(self, key: str, expected: str) -> list[Any]:
        values = self._typed(key, list, f"a list of {expected}")
        if len(values) > MAX_ENTRIES:
            raise self.wrong(key, f"{len(values)} entries", f"at most {MAX_ENTRIES} entries")
        return values

    def _present(self, key: str) -> Any:
        if key not in self.values:
            raise self.wrong(key, "no such key", "a value")
        return self.values[key]

    def _typed(self, key: str, kind: type[_Value], expected: str) -> _Value:
        value = self._present(key)
        # In Python True is a whole number; in JSON it is none.
        if not isinstance(value, kind) or isinstance(value, bool):
            raise self.wrong(key, repr(value), expected)
        return value


def _is_number(value: object) -> bool:
    """Whether `value` is a number that arithmetic can use; JSON allows whole numbers beyond every float."""
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:
        return False

"""Texts for the user, in English or whatever language the plugin has been told to speak."""

from __future__ import annotations

from collections.abc import Callable

Translate = Callable[[str, int], str]
"""Takes an English text and the number that it counts (-1: it counts nothing), and gives it as a reader wants it."""


def tr(text: str, *values: object, n: int = -1) -> str:
    """A text in the user's language, its places ``%1``, ``%2``… filled with `values` and ``%n`` with the number `n`.

    Numbers of places go from 1 to 9; values are written by `str`, and a place without a value stays as it is. With `n`
    the translation chooses singular or plural; below 0 it counts nothing.

    Examples
    --------
    >>> tr("%1 of %2", 3, "h3_4"), tr("%n cells", n=2)
    ('3 of h3_4', '2 cells')
    """
    return filled(_spoken[0](text, n), *map(str, values))


def phrase(text: str) -> str:
    """The text itself: marks a constant for translation, which `tr` does where it is told.

    Nothing is translated yet: who shows the constant calls `tr` on it.
    """
    return text


def filled(text: str, *values: str) -> str:
    """A translated text whose places ``%1``, ``%2``… are filled, all at once.

    What a value holds is not filled again, and a place without a value stays as it is. ``%n`` is left alone.

    Examples
    --------
    >>> filled("%2 of %1, %3", "100 %1", "7")
    '7 of 100 %1, %3'
    """
    # All at once: filled one after another, a value that holds "%2" would be filled itself.
    parts = text.split("%")
    numbered = [(values[int(part[0]) - 1] + part[1:]) if _is_place(part, values) else "%" + part for part in parts[1:]]
    return parts[0] + "".join(numbered)


def speak(translate: Callable[[str, int], str]) -> None:
    """Tell all texts by `translate` from now on.

    `translate` gets an English text and the number that it counts, −1 for none, and gives the text in which places are
    filled afterwards. It holds for the whole process, until the next call.
    """
    _spoken[:] = [translate]


def english(text: str, n: int) -> str:
    """The text as it stands in the source.

    ``%n`` becomes the number where it is 0 or more; singular and plural are the same.
    """
    return text if n < 0 else text.replace("%n", str(n))


_spoken: list[Translate] = [english]


def _is_place(part: str, values: tuple[str, ...]) -> bool:
    return part[:1].isdigit() and 0 < int(part[0]) <= len(values)

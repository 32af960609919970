"""Facts of a model card that only the kind of a task knows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from entropice.errors import SchemaError

_TEXTS: Final = ("inputs", "outputs", "learned_from", "tested_on")
_OF_EXPECTATIONS: Final = ("what", "published", "ours")


@dataclass(frozen=True)
class Expectation:
    """What was published of a system like this, beside what this run has."""

    what: str
    published: str
    ours: str


@dataclass(frozen=True)
class CardFacts:
    """What goes in and comes out, what was learned from and tested on, and what can't be relied on; sentences."""

    inputs: str
    outputs: str
    learned_from: str
    tested_on: str
    limits: tuple[str, ...]
    expectations: tuple[Expectation, ...]


def card_facts(document: Mapping[str, Any], task: str) -> CardFacts:
    """The facts of a task's document ``card_facts``.

    ``inputs outputs learned_from tested_on`` are texts that are not empty, ``limits`` a list of such, ``expectations``
    a list of objects ``what published ours``; the first four and the limits end in a full stop then.

    Raises
    ------
    SchemaError
        One is missing or isn't text.

    Examples
    --------
    >>> texts = dict.fromkeys(("inputs", "outputs", "learned_from", "tested_on"), "Images")
    >>> card_facts(texts | {"limits": ["No clouds!"], "expectations": []}, "lakes").limits
    ('No clouds!',)
    >>> card_facts(texts | {"limits": "No clouds.", "expectations": []}, "lakes")
    Traceback (most recent call last):
    entropice.errors.SchemaError: ...
    """
    limits, expectations = (_listed(document, name, task) for name in ("limits", "expectations"))
    for place, limit in enumerate(limits):
        _require_text(limit, f"limits[{place}]", task)
    return CardFacts(
        **{name: sentence(text) for name, text in _texts(document, _TEXTS, "", task).items()},
        limits=tuple(map(sentence, limits)),
        expectations=tuple(
            Expectation(**_texts(entry, _OF_EXPECTATIONS, f"expectations[{place}].", task))
            for place, entry in enumerate(expectations)
        ),
    )


def _listed(document: Mapping[str, Any], name: str, task: str) -> list[Any]:
    values = document.get(name)
    if not isinstance(values, list):
        raise _wrong(name, values, "a list", task)
    return values


def _texts(document: Any, names: tuple[str, ...], prefix: str, task: str) -> dict[str, str]:
    if not isinstance(document, Mapping):
        raise _wrong(prefix, document, f"an object of {', '.join(names)}", task)
    texts = {name: document.get(name) for name in names}
    for name, text in texts.items():
        _require_text(text, prefix + name, task)
    return {name: str(text) for name, text in texts.items()}


def sentence(text: str) -> str:
    """A text with its full stop, whoever wrote it without.

    Examples
    --------
    >>> sentence("No clouds"), sentence("Are there clouds?")
    ('No clouds.', 'Are there clouds?')
    """
    return text if text.rstrip().endswith((".", "!", "?")) else f"{text.rstrip()}."


def _require_text(value: Any, field: str, task: str) -> None:
    if not isinstance(value, str) or not value:
        raise _wrong(field, value, "a sentence", task)


def _wrong(field: str, got: Any, expected: str, task: str) -> SchemaError:
    return SchemaError(
        "The facts of a model card are not usable.",
        field=f"{task}.card_facts: {field}",
        got=repr(got),
        expected=expected,
    )

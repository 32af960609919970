"""Parameters that name something declared: one that is not declared stops a run before its first step."""

from collections.abc import Iterable

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from entropice.errors import suggestion


def one_of(what: str, names: Iterable[str]) -> AfterValidator:
    """Pass only the name of something that is declared; of another one, the nearest is told.

    Parameters
    ----------
    what
        What is named, for people.
    names
        Those that are declared; they are asked for once, and names are compared letter by letter.

    Raises
    ------
    ValueError
        From the validator made, when a parameter has another name; pydantic tells it as a fault of that parameter.

    Examples
    --------
    >>> check = one_of("season", ["summer", "winter"]).func
    >>> check("winter")
    'winter'
    """
    known = tuple(names)

    def check(name: str) -> str:
        if name not in known:
            raise wrong_value(f"there is no {what} {name!r}{suggestion(name, known)}", ", ".join(known))
        return name

    return AfterValidator(check)


def wrong_value(what: str, expected: str, *location: str) -> PydanticCustomError:
    """A fault (ValueError) of the value that is checked, or of one below it.

    `location` leads to that one, field by field. The fault is not raised here.
    """
    return PydanticCustomError("task", "{what}", {"what": what, "location": location, "expects": expected})

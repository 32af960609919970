"""Faults of configuration as one refusal: which value of which file is wrong, and what should stand there."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import NoneType
from typing import Any, Final, get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from entropice.base_model import StrictModel
from entropice.errors import ConfigError, suggestion

Location = tuple[int | str, ...]
Origin = Callable[[Location], str]
"""Names the file, or the option, that gives the value at a location, or that would have to give it."""

_SHOULD_BE: Final = "Input should be "
_LONGEST: Final = 80


@dataclass(frozen=True)
class Fault:
    """One wrong value: where it stands, what is wrong with it, and what was expected."""

    location: Location
    what: str
    got: str
    expected: str

    @property
    def field(self) -> str:
        """The dotted name of the value.

        Examples
        --------
        >>> Fault(("features", "years", 0), "", "", "").field
        'features.years.0'
        """
        return ".".join(map(str, self.location))


def faults_of(error: ValidationError, model: type[StrictModel]) -> list[Fault]:
    """Every fault that a model has found; a list is not called short where its items are wrong.

    They stand in the order of pydantic; locations are those of `model`, `expected` comes from its fields' descriptions
    where they have any. Values are shortened to 80 characters.
    """
    details = error.errors()
    inner = [detail["loc"] for detail in details]
    return [
        _fault(detail, model)
        for detail in details
        # pydantic leaves out the wrong items of a tuple, and then finds it too short.
        if detail["type"] != "too_short" or not any(_is_below(other, detail["loc"]) for other in inner)
    ]


def _how(path: str) -> str:
    """Values for all environments are not changed for one."""
    return "set it in a file of this environment" if path.startswith("conf/base/") else f"correct {path}"


def _is_below(location: Location, section: Location) -> bool:
    return len(location) > len(section) and location[: len(section)] == section


def refusal(subject: str, faults: Sequence[Fault], origin: Origin) -> ConfigError:
    """One error for all faults; its file, field and values are those of the faults, each told once.

    It is returned, not raised. `subject` says of what several faults are, such as ``parameters``; there has to be one.
    What ``conf/base`` gives is to be set in a file of the environment.

    Examples
    --------
    >>> years = Fault(("labels", "years"), "labels.years: Field required", "nothing", "label years")
    >>> refusal("parameters", [years], lambda location: "conf/mine/parameters.yml").fix
    'correct conf/mine/parameters.yml; nothing has been run'
    """
    paths = dict.fromkeys(origin(fault.location) for fault in faults)
    lines = [f"{fault.what} (got {fault.got})" for fault in faults]
    whole = faults[0].what if len(faults) == 1 else f"The {subject} are wrong:\n" + "\n".join(f"  - {x}" for x in lines)
    return ConfigError(
        whole,
        path=", ".join(paths),
        field=", ".join(dict.fromkeys(fault.field for fault in faults)),
        got=", ".join(fault.got for fault in faults),
        expected="; ".join(dict.fromkeys(fault.expected for fault in faults)),
        fix=f"{' and '.join(map(_how, paths))}; nothing has been run",
    )


def _fault(detail: ErrorDetails, model: type[StrictModel]) -> Fault:
    if "location" in detail.get("ctx", {}):
        return _fault_of_whole(detail)
    location = tuple(step for step in detail["loc"] if step != "[key]")
    field = ".".join(map(str, location))
    if detail["type"] == "extra_forbidden":
        known = list(_fields_at(location[:-1], model))
        what = f"unknown parameter {field}{suggestion(str(location[-1]), known)}"
        return Fault(location, what, str(location[-1]), f"one of {', '.join(known)}")
    described = _described(location, model)
    if detail["type"] == "missing":
        return Fault(location, f"{field}: Field required", "nothing", described or "a value")
    got = _shortened(detail["input"])
    if detail["msg"].startswith(_SHOULD_BE):
        expected = _plain(detail["msg"].removeprefix(_SHOULD_BE)) + _or_null(location, model)
        return Fault(location, f"{field} must be {expected}", got, expected)
    what = detail["msg"].removeprefix("Value error, ")
    return Fault(location, f"{field}: {what}", got, described or what)


def _fault_of_whole(detail: ErrorDetails) -> Fault:
    """A fault of one field that was found when its section was looked at."""
    location, got = detail["ctx"]["location"], detail["input"]
    for step in location:
        got = got.get(step) if isinstance(got, Mapping) else got
    return Fault((*detail["loc"], *location), detail["msg"], _shortened(got), detail["ctx"]["expects"])


def _plain(expected: str) -> str:
    """Types as YAML has them."""
    plain = expected.replace("a valid tuple", "a list, such as [a, b]")
    return "keys with values" if plain.startswith("a valid dictionary") else plain


def _or_null(location: Location, model: type[StrictModel]) -> str:
    field = _fields_at(location[:-1], model).get(str(location[-1]))
    return " or null" if field is not None and NoneType in get_args(field.annotation) else ""


def _shortened(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _described(location: Location, model: type[StrictModel]) -> str:
    """What the innermost named field of a location is, as its model says; empty where it does not."""
    names = [place for place, step in enumerate(location) if isinstance(step, str)]
    for place in reversed(names):
        field = _fields_at(location[:place], model).get(str(location[place]))
        if field is not None and field.description:
            return str(field.description) if place > 0 or len(location) == 1 else ""
    return ""


def _fields_at(location: Location, model: type[StrictModel]) -> Mapping[str, Any]:
    found: Any = model
    for step in location:
        field = getattr(found, "model_fields", {}).get(step)
        if field is not None:
            found = _model_in(field.annotation)
    return getattr(found, "model_fields", {})


def _model_in(annotation: Any) -> Any:
    """The model of a section, also where it may be left out or there are several, by number or by name."""
    inner = [one for one in get_args(annotation) if one not in (NoneType, str)]
    return _model_in(inner[0]) if inner else annotation

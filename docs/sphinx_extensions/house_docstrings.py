"""Docstrings as this house writes them, for autodoc: fields of parameter models, constants, bars, stars."""

import re
from typing import Any

from pydantic import BaseModel

_BEFORE_NAPOLEON, _AFTER_NAPOLEON, _LAST = 499, 501, 502
_PLAIN = re.compile(r"(?P<literal>``.*?``)|\||(?<=[ (])\*(?=\w+\))")
"""Bars are absolute values, not substitutions; a star before the last name in brackets unpacks."""

_REQUEST = re.compile(r"set_\w+_request")
_OPEN_END = re.compile(r"(?<=\w)_(?!\w)")
"""An underscore at the end of a word makes it a link."""


def setup(app: Any) -> dict[str, bool]:
    """Connect what follows."""
    written: list[str] = []
    app.connect("autodoc-process-docstring", _tell_fields)
    app.connect("autodoc-process-docstring", lambda *told: _note(told[-1], written), priority=_BEFORE_NAPOLEON)
    app.connect(
        "autodoc-process-docstring", lambda *told: _keep_sentences(told[1], told[-1], written), priority=_AFTER_NAPOLEON
    )
    app.connect("autodoc-process-docstring", lambda *told: _escape(told[-1]), priority=_LAST)
    app.connect("autodoc-process-signature", _without_fields)
    app.connect("autodoc-skip-member", _skip_what_others_add)
    app.connect("object-description-transform", _without_places)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _tell_fields(_app: Any, what: str, _name: str, described: Any, _options: Any, lines: list[str]) -> None:
    """List the fields of a parameter model with limits, descriptions and defaults, which autodoc does not read."""
    if not _is_model(what, described):
        return
    for name, field in described.model_fields.items():
        limits = ", ".join(repr(limit) for limit in field.metadata)
        default = "" if field.is_required() else f"default ``{field.get_default(call_default_factory=True)!r}``"
        description = _OPEN_END.sub(r"\\_", field.description or "")
        told = "; ".join(part for part in (description, default) if part)
        lines += ["", f"- **{name}**{f' (``{limits}``)' if limits else ''}: {told}"]


def _note(lines: list[str], written: list[str]) -> None:
    written[:] = lines


def _keep_sentences(what: str, lines: list[str], written: list[str]) -> None:
    """Undo what napoleon makes of a constant's sentence: it takes what stands before a colon for a type."""
    if what in ("attribute", "data", "property"):
        lines[:] = written


def _escape(lines: list[str]) -> None:
    lines[:] = [line if line.lstrip().startswith((">>>", "...")) else _PLAIN.sub(_escaped, line) for line in lines]


def _escaped(found: re.Match[str]) -> str:
    return found[0] if found["literal"] else f"\\{found[0]}"


def _without_fields(_app: Any, what: str, _name: str, described: Any, *_signature: Any) -> tuple[str, None] | None:
    return ("", None) if _is_model(what, described) else None


def _skip_what_others_add(_app: Any, _what: str, name: str, described: Any, *_more: Any) -> bool | None:
    """Leave out what named tuples say of their fields, and methods that scikit-learn adds to estimators."""
    is_alias = (getattr(described, "__doc__", None) or "").startswith("Alias for field number")
    return True if is_alias or _REQUEST.fullmatch(name) else None


def _without_places(_app: Any, _domain: str, _kind: str, content: Any) -> None:
    """Leave out values that are paths: they are those of the machine on which the site is made."""
    for node in [*content.parent.findall(lambda node: node.tagname == "desc_annotation")]:
        if "Path(" in node.astext():
            node.parent.remove(node)


def _is_model(what: str, described: Any) -> bool:
    return what == "class" and isinstance(described, type) and issubclass(described, BaseModel)

"""What differs between the fingerprint of an output and that which it would have now, in words."""

from collections.abc import Iterator, Mapping
from typing import Any

SECTIONS = {
    "step": "",
    "parameters": "parameter ",
    "files": "file named by parameter ",
    "inputs": "input ",
    "datasets": "settings of dataset ",
    "code": "code of ",
    "libraries": "version of ",
}
"""The sections of a fingerprint, and how a difference is called."""

_ABSENT = object()


def differences(recorded: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """One phrase per difference, such as ``parameter modelling.espa.n_boxes`` or ``code of entropice.io.cube``.

    An input or code that is unknown now (None) differs from everything. A record that does not say all, as earlier
    versions wrote them, is one difference.

    Parameters
    ----------
    recorded, now
        Fingerprints as `IncrementalState.fingerprint` makes them, with the sections of `SECTIONS`: ``step`` (text) and
        ``parameters files inputs datasets code libraries`` (dicts, of which parameters and datasets may be nested).

    Returns
    -------
    list[str]
        In the order of the sections, then of names; none where nothing differs. Where the wiring of the step differs
        that is all that is said.

    Examples
    --------
    >>> then = dict.fromkeys(SECTIONS, {}) | {"parameters": {"params:grids": {"level": 4}}, "inputs": {"land": "f0"}}
    >>> now = then | {"parameters": {"params:grids": {"level": 5}}, "inputs": {"land": None}}
    >>> differences(then, now)
    ['parameter grids.level', 'input land']
    """
    if not SECTIONS.keys() <= recorded.keys():
        return ["something that its record does not say"]
    if recorded["step"] != now["step"]:
        return ["wiring of the step"]
    phrases = [
        phrase + _name(path)
        for section, phrase in SECTIONS.items()
        for path in (*_differing(recorded[section], now[section]), *_unknown(section, now[section]))
    ]
    return list(dict.fromkeys(phrases))


def _differing(old: object, new: object, path: str = "") -> Iterator[str]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in sorted(old.keys() | new.keys()):
            yield from _differing(old.get(key, _ABSENT), new.get(key, _ABSENT), f"{path}.{key}" if path else key)
    elif old != new:
        yield path


def _unknown(section: str, now: Any) -> list[str]:
    return [name for name, value in now.items() if value is None] if section in {"inputs", "code"} else []


def _name(path: str) -> str:
    return path.removeprefix("params:").removeprefix("parameters.")

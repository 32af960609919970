"""What the user has set, kept in the user's profile of QGIS."""

from __future__ import annotations

from typing import TypeVar

from qgis.core import QgsSettings

from ..core.settings import Setting

PREFIX = "entropice/"
_Value = TypeVar("_Value", bool, int, str)


def stored(setting: Setting[_Value]) -> _Value:
    """The value of a setting; its default where none is set, or what is written there is of another kind.

    It stands as ``entropice/<name>`` in the settings of the profile.
    """
    try:
        return QgsSettings().value(PREFIX + setting.name, setting.default, type=type(setting.default))
    except TypeError:
        return setting.default


def store(setting: Setting, value: bool | int | str) -> None:
    """Keep the value of a setting in the profile, in place of the former one."""
    QgsSettings().setValue(PREFIX + setting.name, value)

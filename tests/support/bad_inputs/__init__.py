"""Inputs that must be refused, by kind; tests and docs/bad-inputs.md show the same message."""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class BadInput:
    """One kind of wrong input; ``provoke`` writes it into an empty folder and reads it the way a run would."""

    kind: str
    provoke: Callable[[Path], object]


def groups() -> dict[str, tuple[BadInput, ...]]:
    """Every group by its name: the modules of this package, each with its ``BAD_INPUTS``."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return {name: importlib.import_module(f"{__name__}.{name}").BAD_INPUTS for name in names}

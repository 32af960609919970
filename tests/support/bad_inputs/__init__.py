"""Inputs that must be refused, by kind; tests and docs/wrong-inputs.md show the same message."""

import importlib
import pkgutil
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from entropice.errors import EntropiceError

PARTS = ("what", "path", "field", "got", "expected", "fix")
LONGEST_CELL = 400


@dataclass(frozen=True)
class BadInput:
    """One kind of wrong input; ``provoke`` writes it into an empty folder and reads it the way a run would."""

    kind: str
    provoke: Callable[[Path], object]

    def refusal(self, folder: Path) -> EntropiceError:
        """What it ends in."""
        try:
            self.provoke(folder)
        except EntropiceError as refusal:
            return refusal
        raise AssertionError(f"'{self.kind}' was accepted")

    def row(self, refusal: EntropiceError, folder: Path) -> str:
        """Its row of docs/wrong-inputs.md, which names no folder and no port of this machine."""
        return f"| {' | '.join([self.kind, *(_cell(getattr(refusal, part), folder) for part in PARTS)])} |\n"


def groups() -> dict[str, tuple[BadInput, ...]]:
    """Every group by its name: the modules of this package, each with its ``BAD_INPUTS``."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return {name: importlib.import_module(f"{__name__}.{name}").BAD_INPUTS for name in names}


def _cell(text: object, folder: Path) -> str:
    shortened = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1", str(text).replace(str(folder.resolve()), "…"))
    return " ".join(shortened.replace("|", "\\|").split())[:LONGEST_CELL]

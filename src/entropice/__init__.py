"""Entropice: where retrogressive thaw slumps occur, why there, and how sure we are."""

from entropice.runs import Run, open_run

__all__ = ["Run", "open_run"]
__version__ = "0.1.0"

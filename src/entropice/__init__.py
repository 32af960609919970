"""Entropice: where retrogressive thaw slumps occur, why there, and how sure we are."""

__version__ = "0.1.0"

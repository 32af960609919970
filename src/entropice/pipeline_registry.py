"""Kedro's entry point to the pipelines."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kedro.pipeline import Pipeline


def register_pipelines() -> "dict[str, Pipeline]":
    """The pipelines of the virtual Arctic; a context replaces them by those of its environment.

    By name, such as ``grids`` or ``modelling`` (``kedro registry list`` tells them), and ``__default__``, the sum of
    those that run without being named.
    """
    from entropice.app.configuration.composition import VIRTUAL_WORLD, compose

    return compose(VIRTUAL_WORLD)

"""torchvision beside a torch that lacks its compiled operators.

Its wheels are built for one build of torch each. Beside another (torch for processors alone, say) the operators are
not loaded, and the import fails where the library registers what is known of them. Nothing here calls them: declaring
their signatures lets the import pass, and a call of one still fails.
"""

import sys
from importlib import import_module
from typing import Any, Final

import torch

LACKING: Final = "operator torchvision::nms does not exist"
_SIGNATURE: Final = "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"
_DECLARED: Final[list[Any]] = []
"""Kept for the life of the process: signatures go with the object that declared them."""


def make_importable() -> None:
    """Import torchvision, with its operators declared where they are not loaded; nothing changes where it imports.

    Operators that are only declared raise when they are called.

    Raises
    ------
    RuntimeError, ImportError
        The import fails for another reason, or torchvision is not installed.
    """
    try:
        import_module("torchvision")
    except RuntimeError as error:
        if str(error) != LACKING:
            raise
        _forget()
        _declare()
        import_module("torchvision")


def _forget() -> None:
    """Drop the modules of the failed import, some of which are half made."""
    for name in [name for name in sys.modules if name.split(".")[0] == "torchvision"]:
        del sys.modules[name]


def _declare() -> None:
    library: Any = torch.library.Library  # without types of its own
    operators = library("torchvision", "FRAGMENT")
    for name in ("nms", "qnms"):
        # Signatures without kernels: what is registered for them passes, and a call fails as it would have.
        operators.define(name + _SIGNATURE)
    _DECLARED.append(operators)

"""The two libraries of networks, imported so that they need neither torchvision's operators nor the net.

Weights come from files alone (`entropice.networks.weights`): the hub of the libraries is told to be offline before it
is imported, so that a forgotten ``pretrained=True`` fails instead of fetching.
"""

import os
from importlib import import_module
from typing import Any, Final

from entropice.networks.torchvision_shim import make_importable

os.environ["HF_HUB_OFFLINE"] = "1"
make_importable()

timm: Final[Any] = import_module("timm")
"""PyTorch image models.

:meta hide-value:
"""

smp: Final[Any] = import_module("segmentation_models_pytorch")
"""Decoders for segmentation on any encoder of its own or of `timm` (names that begin with ``tu-``).

:meta hide-value:
"""

"""Where models outside eSPA are computed: on the CPU, or by a library's own kernels on a CUDA device."""

import importlib.util
from typing import Literal

from entropice.errors import ConfigError
from entropice.learning.models.model import Device


def device_for(library: str, device: Device) -> Literal["cpu", "cuda"]:
    """Return CUDA where it is asked for, or possible under ``"auto"``, through a library built for it; else the CPU.

    Raises
    ------
    ConfigError
        If CUDA is asked for and cannot be had.

    Examples
    --------
    >>> device_for("cuml", "cpu")
    'cpu'
    """
    if device == "cpu":
        return "cpu"
    has_cuda = can_use_cuda(library)
    if device == "cuda" and not has_cuda:
        raise ConfigError(
            f"CUDA cannot be had through {library}.",
            field="modelling.tuning.device",
            got=device,
            expected=f"an NVIDIA driver, and {library} built for CUDA",
            fix="install it (extras cu12, cu13 and xgb), or set modelling.tuning.device to cpu",
        )
    return "cuda" if has_cuda else "cpu"


def can_use_cuda(library: str) -> bool:
    """Whether there are a driver and an installed library (``cuml`` or ``xgboost``) built for CUDA."""
    from entropice.espa.devices import has_driver

    if not has_driver() or importlib.util.find_spec(library) is None:
        return False
    if library != "xgboost":
        return True
    import xgboost

    return bool(xgboost.build_info()["USE_CUDA"])

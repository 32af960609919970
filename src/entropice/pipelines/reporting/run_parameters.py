"""The parameters of a whole run as plain values."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel

from entropice.pipelines.features.parameters import FeatureParameters
from entropice.pipelines.grids.parameters import GridParameters
from entropice.pipelines.labels.parameters import LabelParameters
from entropice.pipelines.modelling.parameters import ModellingParameters
from entropice.pipelines.reporting.parameters import ReportingParameters
from entropice.pipelines.virtual_arctic.parameters import VirtualArcticParameters

_SOURCES: Final[dict[str, type[BaseModel]]] = {
    "grids": GridParameters,
    "labels": LabelParameters,
    "features": FeatureParameters,
    "modelling": ModellingParameters,
    "reporting": ReportingParameters,
}
_WORLD: Final[dict[str, type[BaseModel]]] = {"virtual_arctic": VirtualArcticParameters}


def plain_parameters(parameters: Mapping[str, Any], *, with_world: bool) -> dict[str, Any]:
    """Everything that decides what a run computes, as JSON values with all defaults filled in.

    The result is the same whether Kedro has parsed a part already (it parses those of the pipelines it runs) or not.

    Parameters
    ----------
    parameters
        Kedro's ``parameters``; those that only say where files lie are left out.
    with_world
        Whether the virtual Arctic made the sources; its parameters mean nothing otherwise.
    """
    models = _WORLD | _SOURCES if with_world else _SOURCES
    parts = {name: model.model_validate(parameters[name]) for name, model in models.items()}
    return {
        "grid": parameters["grid"],
        "random_seed": parameters["random_seed"],
        **{name: part.model_dump(mode="json") for name, part in parts.items()},
    }

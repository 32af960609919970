"""Parameters as the models that steps ask for."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kedro.validation.parameter_validator import ParameterValidator
from kedro.validation.type_extractor import TypeExtractor

if TYPE_CHECKING:
    from kedro.pipeline import Pipeline


class PartsFirst(TypeExtractor):
    """What steps ask for, parts of a section before the section: in one that is a model, Kedro finds no part."""

    def extract_types_from_pipelines(self) -> dict[str, type]:
        """Types by name of the parameter."""
        asked = super().extract_types_from_pipelines()
        return dict(sorted(asked.items(), key=lambda item: item[0].count("."), reverse=True))


def typed_parameters(pipelines: "Mapping[str, Pipeline]", raw: dict[str, Any]) -> dict[str, Any]:
    """Raw parameters with models where steps ask for them; ParameterValidationError where one does not fit."""
    validator = ParameterValidator(dict(pipelines))
    validator.type_extractor = PartsFirst(dict(pipelines))
    typed: dict[str, Any] = validator.validate_raw_params(raw)
    return typed

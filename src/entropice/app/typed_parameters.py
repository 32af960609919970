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
        """Types by name of the parameter.

        Names are dotted, without ``params:``; those with more dots come first.
        """
        asked = super().extract_types_from_pipelines()
        return dict(sorted(asked.items(), key=lambda item: item[0].count("."), reverse=True))


def typed_parameters(pipelines: "Mapping[str, Pipeline]", raw: dict[str, Any]) -> dict[str, Any]:
    """Raw parameters, nested by section, with models in place of values where steps ask for them.

    `pipelines` are those whose steps ask; values that none asks for stay plain.

    Raises
    ------
    ParameterValidationError
        A value does not fit the model that a step asks for.
    """
    validator = ParameterValidator(dict(pipelines))
    validator.type_extractor = PartsFirst(dict(pipelines))
    typed: dict[str, Any] = validator.validate_raw_params(raw)
    return typed

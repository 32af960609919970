"""The out-of-fold forecasts that a report judges."""

from entropice.report.content import RunContent
from entropice.types import DataFrame


def forecasts_of(content: RunContent, model: str) -> DataFrame:
    """A model's rows of ``out_of_fold`` under the first scheme, which holds out whole regions; may be empty."""
    forecasts = content.frame("out_of_fold")
    schemes = content.texts.schemes
    return forecasts[(forecasts["model"] == model) & forecasts["scheme"].isin([scheme.name for scheme in schemes[:1]])]

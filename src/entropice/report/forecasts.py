"""The out-of-fold forecasts that a report judges."""

from entropice.report.content import RunContent
from entropice.report.out_of_fold import under_first_scheme
from entropice.types import DataFrame


def forecasts_of(content: RunContent, model: str) -> DataFrame:
    """A model's rows of ``out_of_fold`` under the first scheme, which holds out whole regions; may be empty."""
    forecasts = under_first_scheme(content.frame("out_of_fold"), content.texts)
    return forecasts[forecasts["model"] == model]

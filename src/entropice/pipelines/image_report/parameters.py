"""Parameters of the report on tasks of imagery."""

from entropice.pipelines.reporting.words import RunWords


class ImageReportParameters(RunWords):
    """What the run is called and what it claims."""

"""What a run of tasks of imagery is called and what it claims, as far as parameters do not say it."""

from typing import Final

from entropice.pipelines.composition import Composition
from entropice.pipelines.image_report.parameters import ImageReportParameters
from entropice.report.about import About

UNSTATED: Final = "No licence or credit was stated (image_report.attributions) for"


def about_images(
    words: ImageReportParameters, composition: Composition, environment: str, rebuild_command: str
) -> About:
    """Take the parameters' words, and the composition's where there are none."""
    titles = dict.fromkeys(task.image_source.title for task in composition.tasks.values())
    return About(
        title=words.title or f"What is learned from images (environment {environment})",
        description=words.description
        or f"Learned from {'; '.join(titles)}. No description of this run was given (image_report.description).",
        purpose=words.purpose,
        notice=words.notice,
        attributions=words.attributions or tuple(f"{UNSTATED} {title}." for title in titles),
        rebuild_command=rebuild_command,
    )

"""What a run of tasks of imagery is called and what it claims, as far as parameters do not say it."""

from collections.abc import Sequence
from typing import Final

from entropice.pipelines.composition import Composition
from entropice.pipelines.image_report.parameters import ImageReportParameters
from entropice.report.about import About

UNSTATED: Final = "No licence or credit was stated (image_report.attributions) for"


def about_images(
    words: ImageReportParameters,
    composition: Composition,
    environment: str,
    rebuild_command: str,
    image_credits: Sequence[str] = (),
) -> About:
    """Take the parameters' words, and the composition's where there are none.

    `rebuild_command` is what makes the run again on a command line. Credits are `image_credits`, then those of the
    parameters; where these are none, ``No licence or credit was stated (image_report.attributions) for <title>.`` says
    so of each source that declares no licence. None stands twice.
    """
    titles = dict.fromkeys(task.image_source.title for task in composition.tasks.values())
    return About(
        title=words.title or f"What is learned from images (environment {environment})",
        description=words.description
        or f"Learned from {'; '.join(titles)}. No description of this run was given (image_report.description).",
        purpose=words.purpose,
        notice=words.notice,
        attributions=tuple(dict.fromkeys([*image_credits, *(words.attributions or _unstated(composition))])),
        rebuild_command=rebuild_command,
    )


def _unstated(composition: Composition) -> list[str]:
    """Of sources that declare no licence."""
    sources = {task.image_source.title: task.image_source for task in composition.tasks.values()}
    return [f"{UNSTATED} {title}." for title, source in sources.items() if not source.licences]

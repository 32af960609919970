"""The one step of the report on tasks of imagery."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from entropice.report.image_run.folder import ImageRunFolder
else:
    ImageRunFolder = Any


def assemble_image_run(run: dict[str, Any], provenance: dict[str, Any], **datasets: Any) -> tuple[str, ImageRunFolder]:
    """Put together the report and the run folder: layers with styles, model cards, scores, and where it comes from.

    The folder appears whole or not at all, and the same run gives the same bytes. `run` says what it is made of
    (``about``, ``composition`` and ``parameters`` as plain values), `provenance` the hashes of what was read;
    `datasets` are those of `entropice.report.image_run.datasets.datasets_of_a_task` of each task, ``<task>.<name>``.

    Returns
    -------
    str
        The dataset ``report_html``: a complete document, without any address outside itself.
    ImageRunFolder
        The dataset ``run``: ``manifest.json``, ``report.html``, ``layers/``, a GeoTIFF with its style (QML) a layer,
        ``scores/`` (CSV) and ``model_cards/`` (Markdown), one a task.

    Raises
    ------
    SchemaError
        Scores lack a column, facts of a model card are missing, or a layer cannot be a file.
    """
    from entropice.pipelines.image_report.words import task_words
    from entropice.report.about import About
    from entropice.report.image_run.content import build_run
    from entropice.report.image_run.folder import ImageRunFolder
    from entropice.report.image_run.page import render_run
    from entropice.report.origin import Origin

    origin = Origin(run["composition"], run["parameters"], provenance)
    content = build_run(About(**run["about"]), origin, task_words(run["composition"]["tasks"]), datasets)
    report_html = render_run(content)
    return report_html, ImageRunFolder(content, report_html)

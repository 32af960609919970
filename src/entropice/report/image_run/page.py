"""The report of a run of tasks of imagery: one HTML document that opens offline."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from entropice.report.figure_files import svg_uri
from entropice.report.image_run.charts import has_horizons, horizon_chart
from entropice.report.image_run.content import ImageRun, ImageTask
from entropice.report.image_run.model_card import SCORES, CardPart, CardTable, audit_table, model_card
from entropice.report.image_run.pictures import UNMAPPED, draw_rows, layer_rows
from entropice.report.image_run.score_grids import TaskGrid, task_grids
from entropice.report.markup import renderer
from entropice.report.page_charts import DrawnChart, draw_chart, page_parts
from entropice.report.sections.provenance import draw as draw_provenance

render: Final = renderer(Path(__file__).parent / "templates")


@dataclass(frozen=True)
class TaskView:
    """What the page shows of a task; ``panel`` and ``maps`` are pictures as data URIs, empty where there are none.

    Attributes
    ----------
    grids
        Tables of scores.
    chart
        Scores by horizon; None where no score has one.
    audit
        Scores as an audit of labels corrects them; None where there was none.
    card
        Parts of the model card, without scores.
    """

    task: ImageTask
    grids: tuple[TaskGrid, ...]
    chart: DrawnChart | None
    panel: str
    maps: str
    audit: CardTable | None
    card: tuple[CardPart, ...]

    @property
    def best(self) -> dict[str, str]:
        """Best value of each score by its title, as text."""
        titles = self.task.facts.score_titles
        return {titles[score.name]: f"{score.best:g}" for score in self.task.scores}

    @property
    def n_blocks(self) -> int:
        """Blocks behind an interval, at most: the largest ``n_blocks`` of its scores."""
        return int(self.task.score_table["n_blocks"].max())

    @property
    def n(self) -> int:
        """Pixels or images behind a score, at most: the largest ``n`` of its scores."""
        return int(self.task.score_table["n"].max())


def render_run(run: ImageRun) -> str:
    """A complete document: no script but its own, no address outside itself; same content, same bytes.

    Tasks in their order, each as `task_view` shows it, then what the run follows from.
    """
    views = [task_view(run, task) for task in run.tasks]
    charts = [view.chart for view in views if view.chart is not None]
    provenance = draw_provenance(run)
    return str(render("image_run.html", run=run, views=views, provenance=provenance, **page_parts(charts)))


def task_view(run: ImageRun, task: ImageTask) -> TaskView:
    """Tables, chart and pictures of a task; the card without its scores, which are shown by themselves.

    There is no chart where no score has a horizon.
    """
    return TaskView(
        task=task,
        grids=task_grids(task),
        chart=draw_chart(horizon_chart(task), task) if has_horizons(task) else None,
        panel=svg_uri(draw_rows(task.panel.rows)) if task.panel.rows else "",
        maps=svg_uri(draw_rows(layer_rows(task.layers), UNMAPPED)) if task.layers else "",
        audit=audit_table(task),
        card=tuple(part for part in model_card(run, task) if part.key != SCORES),
    )

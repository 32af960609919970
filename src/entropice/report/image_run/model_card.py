"""The model card of a task, as parts that a page and a Markdown file both show."""

import html
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from entropice.report.image_run.audited import AuditedScore
from entropice.report.image_run.content import ImageRun, ImageTask
from entropice.report.image_run.score_grids import task_grids
from entropice.report.markup import format_count, format_score, format_sentence
from entropice.report.score_tables import ScoreCell

EXPECTATIONS: Final = "expectations"
SCORES: Final = "scores"
_PLAIN: Final = ((None, "none"), (True, "yes"), (False, "no"))


@dataclass(frozen=True)
class CardTable:
    """A table of texts: what its columns are called, and rows with a text a column."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class CardPart:
    """One part of a card: a title, then paragraphs, then a list, then tables, each as far as there are any."""

    key: str
    title: str
    paragraphs: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    tables: tuple[CardTable, ...] = ()


def model_card(run: ImageRun, task: ImageTask) -> tuple[CardPart, ...]:
    """What the model is for and not for, what it was made of, how good it is, and what it can't do.

    Eight parts, always in this order: what, purpose, data, training, scores, expectations, limits, origin. Where
    nothing is known of expectations or limits, a sentence says so.
    """
    card, words, about = task.card, task.words, run.about
    return (
        CardPart("what", "What it is", (f"{words.kind_title}, asked of {words.source_title}.", f"In: {card.inputs}",
                                        f"Out: {card.outputs}")),
        CardPart("purpose", "What it is for, and what not", _purpose(run, task), _not_for(run)),
        CardPart("data", "Data", (f"Learned from: {card.learned_from}", f"Tested on: {card.tested_on}"),
                 tuple(about.attributions)),
        CardPart("training", "How it was trained", tables=(_parameters(task),)),
        CardPart(SCORES, "How good it is", (_HOW_TO_READ, *_audited(task)), tables=tuple(_score_tables(task))),
        CardPart(EXPECTATIONS, "What was published, and what this run has",
                 _none(card.expectations, "No published figure was stated."), tables=_expectations(task)),
        CardPart("limits", "What it can't do", _none(card.limits, "No limits were stated."), card.limits),
        CardPart("origin", "Where it comes from", (
            f"Run {run.origin.run_id}, made by: {about.rebuild_command}",
            "manifest.json of the run lists the hash of every input and file, and every parameter.",
        )),
    )  # fmt: skip


_HOW_TO_READ: Final = (
    "On what no model has learned from; beside each value its 95 % interval by bootstrap of blocks. “A less B” is the "
    "score of A less that of B in the same blocks: where its interval holds 0, there may be no difference."
)


def _purpose(run: ImageRun, task: ImageTask) -> tuple[str, ...]:
    if run.about.is_model:
        return (f"For images like those of {task.words.source_title}, and for nothing that its limits below exclude.",)
    return (f"This is a {run.about.purpose}: it claims nothing about the world. {run.about.notice}",)


def _not_for(run: ImageRun) -> tuple[str, ...]:
    notice = (run.about.notice,) if run.about.is_model and run.about.notice else ()
    return (*notice, "Not for decisions on which safety depends: nobody has tested it for any.")


def _none(found: tuple[Any, ...], sentence: str) -> tuple[str, ...]:
    return () if found else (sentence,)


def _parameters(task: ImageTask) -> CardTable:
    shown = {name: task.parameters[name] for name in ("bands", "network", "training") if name in task.parameters}
    return CardTable(("parameter", "value"), tuple(flat(shown).items()))


def flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Nested parameters by dotted name, as text.

    Yes, no and none are words, lists are joined by ``;``, and what is empty is ``none``.

    Examples
    --------
    >>> flat({"network": {"depth": 3, "seed": None}, "bands": ["red", "nir"], "flips": True})
    {'network.depth': '3', 'network.seed': 'none', 'bands': 'red; nir', 'flips': 'yes'}
    """
    found: dict[str, str] = {}
    for name, value in values.items():
        if isinstance(value, Mapping) and value:
            found |= flat(value, f"{prefix}{name}.")
        else:
            found[prefix + name] = _told(value)
    return found


def _told(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_told(one)}" for name, one in value.items()) or "none"
    if isinstance(value, list | tuple):
        return "; ".join(map(_told, value)) or "none"
    return next((text for known, text in _PLAIN if value is known), str(value))


def _score_tables(task: ImageTask) -> list[CardTable]:
    return [
        CardTable(
            (task_grid.title or task_grid.what, *grid.columns),
            tuple((name, *map(told_score, cells)) for name, cells in grid.rows),
        )
        for task_grid in task_grids(task)
        for grid in task_grid.grids
    ]


def told_score(cell: ScoreCell | None) -> str:
    """A score with its interval, as far as it is known; an en dash where the score is not.

    Examples
    --------
    >>> told_score(ScoreCell(0.5, 0.25, 0.75)), told_score(ScoreCell(0.5)), told_score(None)
    ('0.500 (0.250 to 0.750)', '0.500', '–')
    """
    if cell is None or cell.value != cell.value:
        return "–"
    if cell.low_95 != cell.low_95:
        return format_score(cell.value)
    return f"{format_score(cell.value)} ({format_score(cell.low_95)} to {format_score(cell.high_95)})"


def audit_table(task: ImageTask) -> CardTable | None:
    """Scores against labels, and against the truth as an audit estimates it; None where there was no audit.

    A row a model and score, in the order of the audit, each score with its interval.
    """
    if task.audit is None:
        return None
    rows = tuple(
        (format_sentence(_model_and_score(task, one)), told_score(one.against_labels), told_score(one.against_truth))
        for one in task.audit.scores
    )
    return CardTable(("score", "against labels", "against the truth, as the audit estimates it"), rows)


def _audited(task: ImageTask) -> tuple[str, ...]:
    """One sentence, of the first score."""
    if task.audit is None:
        return ()
    first = task.audit.scores[0]
    return (
        f"Labels are not the truth: {told_score(first.against_labels)} against labels is "
        f"{told_score(first.against_truth)} against the truth, as an audit of {format_count(task.audit.n_audited)} of "
        f"{format_count(task.audit.n_chips)} chips estimates it ({_model_and_score(task, first)}).",
    )


def _model_and_score(task: ImageTask, one: AuditedScore) -> str:
    models = {text.name: text.title for text in task.words.texts.models}
    scores = {text.name: text.title for text in task.words.texts.scores}
    return f"{models.get(one.model, one.model)}: {scores.get(one.name, one.name)}"


def _expectations(task: ImageTask) -> tuple[CardTable, ...]:
    rows = tuple((one.what, one.published, one.ours) for one in task.card.expectations)
    return (CardTable(("what", "published", "this run"), rows),) if rows else ()


def card_markdown(run: ImageRun, task: ImageTask) -> str:
    """The card as a Markdown file; what looks like markup in its texts stays text.

    A heading of the first level, one of the second for each part of `model_card`; a text is one line.
    """
    heading = f"# {_text(task.words.title)}: model card\n\n{_text(run.about.title)}\n"
    return heading + "".join(f"\n## {_text(part.title)}\n{_part(part)}" for part in model_card(run, task))


def _part(part: CardPart) -> str:
    paragraphs = [f"{_text(text)}\n" for text in part.paragraphs]
    items = ["".join(f"- {_text(item)}\n" for item in part.items)] if part.items else []
    return "".join(f"\n{block}" for block in (*paragraphs, *items, *map(_table, part.tables)))


def _table(table: CardTable) -> str:
    lines = [table.columns, tuple("---" for _ in table.columns), *table.rows]
    return "".join(f"| {' | '.join(map(_text, line))} |\n" for line in lines)


def _text(text: str) -> str:
    """One line in which nothing is markup."""
    escaped = html.escape(" ".join(text.split()), quote=False)
    return "".join(f"\\{letter}" if letter in "\\`*_[]|#" else letter for letter in escaped)

"""What models, schemes, scores and tasks are called, from where each is declared."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from entropice.report.task_facts import TaskText
    from entropice.report.texts import Texts


def declared_texts() -> "Texts":
    """Every declared model, the attainable limit, every scheme and every score, in the readers' order.

    Models are ``best``, those of the registry and the limit, the last one and references marked as such; schemes and
    scores are in the order of their registries. It does not depend on what a run has computed.
    """
    from entropice.learning.best import BEST_TITLE
    from entropice.learning.folds import SCHEMES
    from entropice.learning.models import MODELS
    from entropice.learning.models.model import BEST
    from entropice.learning.scores import SCORES
    from entropice.report.texts import ModelText, SchemeText, ScoreText, Texts
    from entropice.virtual_arctic.bayes_limit import BAYES_LIMIT, BAYES_LIMIT_TITLE

    return Texts(
        models=(
            ModelText(BEST, BEST_TITLE),
            *(ModelText(model.name, model.title, model.is_reference) for model in MODELS.values()),
            ModelText(BAYES_LIMIT, BAYES_LIMIT_TITLE, is_reference=True),
        ),
        schemes=tuple(SchemeText(scheme.name, scheme.title, scheme.description) for scheme in SCHEMES.values()),
        scores=tuple(
            ScoreText(
                score.name,
                score.title,
                score.description,
                bigger_is_better=score.bigger_is_better,
                has_share_of_limit=score.has_share_of_limit,
                is_tabled=score.is_tabled,
            )
            for score in SCORES.values()
        ),
    )


def task_texts(tasks: Mapping[str, Mapping[str, Any]]) -> "tuple[TaskText, ...]":
    """The words of tasks, as the composition declares them by name: kind, source, models and scores of pixels.

    Entries of `tasks` are plain values as in ``composition.yml``; the words are in their order.

    Raises
    ------
    ValueError
        An entry names no kind of answer, or no source of images.
    """
    return tuple(_task_text(name, task) for name, task in tasks.items())


def _task_text(name: str, entry: Mapping[str, Any]) -> "TaskText":
    from entropice.pipelines.tasks.task import Task
    from entropice.report.task_facts import PixelScoreText, TaskText

    task = Task.model_validate(entry)
    source, answer = task.image_source, task.answer
    texts = answer.texts()
    return TaskText(
        name=name,
        title=f"{source.nouns.capitalize()} in images",
        kind=answer.name,
        kind_title=answer.title,
        nouns=source.nouns,
        source_title=source.title,
        models=texts.models,
        scores=tuple(PixelScoreText(score.name, score.title, score.best) for score in texts.scores),
    )

"""What models, schemes and scores are called, from where each is declared."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from entropice.report.texts import Texts


def declared_texts() -> "Texts":
    """Every declared model, the attainable limit, every scheme and every score, in the readers' order."""
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

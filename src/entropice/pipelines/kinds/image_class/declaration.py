"""Which one of several classes an image shows."""

from typing import TYPE_CHECKING, Final

from entropice.pipelines.kinds.declaration import Kind
from entropice.pipelines.kinds.image_class import steps
from entropice.pipelines.kinds.image_class.exporting import EXPORTS
from entropice.pipelines.kinds.image_class.parameters import ImageClassParameters
from entropice.pipelines.kinds.image_class.sizes import learned

if TYPE_CHECKING:
    from entropice.report.kind_texts import KindTexts


def _texts() -> "KindTexts":
    from entropice.imagery.classes.alarm_scores import ALARM_SCORES
    from entropice.imagery.classes.image_models import IMAGE_MODELS
    from entropice.imagery.classes.score_table import CLASS_SCORES
    from entropice.pipelines.kinds.image_class.judging import NETWORK, PREVALENCE
    from entropice.report.kind_texts import KindScoreText, KindTexts
    from entropice.report.texts import Text

    return KindTexts(
        models=(
            Text(NETWORK, "the network"),
            *(Text(model.name, model.title) for model in IMAGE_MODELS),
            Text(PREVALENCE, "shares of the training images"),
        ),
        scores=(
            *(KindScoreText(score.name, score.title, score.best) for score in CLASS_SCORES),
            *(KindScoreText(score.name, score.title, score.best) for score in ALARM_SCORES),
        ),
    )


IMAGE_CLASS: Final = Kind(
    name="class",
    title="Which class an image shows",
    parameters=ImageClassParameters,
    samples=steps.samples,
    training=steps.training,
    evaluation=steps.evaluation,
    layers=steps.layers,
    learned=learned,
    texts=_texts,
    exports=EXPORTS,
)

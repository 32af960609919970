"""Where something has changed between two images."""

from typing import TYPE_CHECKING, Final

from entropice.pipelines.kinds.change import steps
from entropice.pipelines.kinds.change.exporting import EXPORTS
from entropice.pipelines.kinds.change.parameters import ChangeParameters
from entropice.pipelines.kinds.change.sizes import learned
from entropice.pipelines.kinds.declaration import Kind

if TYPE_CHECKING:
    from entropice.report.kind_texts import KindTexts


def _texts() -> "KindTexts":
    from entropice.imagery.changes.pair_models import PAIR_MODELS
    from entropice.imagery.changes.score_table import CHANGE_SCORES
    from entropice.pipelines.kinds.change.judging import NETWORK
    from entropice.report.kind_texts import KindScoreText, KindTexts
    from entropice.report.texts import Text

    return KindTexts(
        models=(Text(NETWORK, "the network"), *(Text(model.name, model.title) for model in PAIR_MODELS)),
        scores=tuple(KindScoreText(score.name, score.title, score.best) for score in CHANGE_SCORES),
    )


CHANGE: Final = Kind(
    name="change",
    title="Where something has changed between two images",
    parameters=ChangeParameters,
    samples=steps.samples,
    training=steps.training,
    evaluation=steps.evaluation,
    layers=steps.layers,
    learned=learned,
    texts=_texts,
    exports=EXPORTS,
)

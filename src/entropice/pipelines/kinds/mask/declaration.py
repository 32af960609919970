"""Which pixels belong to what is looked for."""

from typing import TYPE_CHECKING, Final

from entropice.pipelines.kinds.declaration import Kind
from entropice.pipelines.kinds.mask import steps
from entropice.pipelines.kinds.mask.exporting import CARD_EXPORTS
from entropice.pipelines.kinds.mask.parameters import MaskParameters

if TYPE_CHECKING:
    from entropice.report.kind_texts import KindTexts


def _texts() -> "KindTexts":
    from entropice.imagery.chip_scores import CHIP_SCORES
    from entropice.imagery.pixel_score_table import PIXEL_SCORES
    from entropice.imagery.rivals import RIVALS
    from entropice.imagery.size_scores import RECALL_BY_AREA
    from entropice.imagery.size_scores import TITLE as RECALL_TITLE
    from entropice.pipelines.kinds.mask.evaluation.parameters import NETWORK
    from entropice.report.kind_texts import KindScoreText, KindTexts
    from entropice.report.texts import Text

    return KindTexts(
        models=(Text(NETWORK, "the network"), *(Text(rival.name, rival.title) for rival in RIVALS)),
        scores=(
            *(KindScoreText(score.name, score.title, 1) for score in CHIP_SCORES),
            KindScoreText(RECALL_BY_AREA, RECALL_TITLE, 1),
            *(KindScoreText(score.name, score.title, score.best) for score in PIXEL_SCORES),
        ),
    )


MASK: Final = Kind(
    name="mask",
    title="Which pixels belong to what is looked for",
    parameters=MaskParameters,
    samples=steps.samples,
    training=steps.training,
    evaluation=steps.evaluation_of_pixels,
    layers=steps.layers,
    texts=_texts,
    exports=None,
    card_exports=CARD_EXPORTS,
)

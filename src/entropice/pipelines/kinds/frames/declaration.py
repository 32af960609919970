"""What comes next in a sequence of fields."""

from typing import TYPE_CHECKING, Final

from entropice.pipelines.kinds.declaration import Kind
from entropice.pipelines.kinds.frames import steps
from entropice.pipelines.kinds.frames.exporting import EXPORTS
from entropice.pipelines.kinds.frames.parameters import FrameParameters
from entropice.pipelines.kinds.frames.sizes import learned

if TYPE_CHECKING:
    from entropice.report.kind_texts import KindTexts


def _texts() -> "KindTexts":
    from entropice.imagery.frames.rivals import RIVALS
    from entropice.imagery.frames.scores import CEILING, CEILING_MEAN, FORECAST_SCORES
    from entropice.learning.outlook.texts import MAP_SCORE_TITLES, OF_INDICES, OTHER_MODELS
    from entropice.pipelines.kinds.frames.judging import NETWORK
    from entropice.report.kind_texts import KindScoreText, KindTexts
    from entropice.report.texts import Text

    return KindTexts(
        models=(
            Text(NETWORK, "the network"),
            *(Text(rival.name, rival.title) for rival in RIVALS),
            Text(CEILING, "The law itself, the median of what may come"),
            Text(CEILING_MEAN, "The law itself, the mean of what may come"),
            *(Text(name, title) for name, title in OTHER_MODELS.items()),
        ),
        scores=tuple(
            KindScoreText(name, title, best)
            for name, title, best in (
                *((score.name, score.title, score.best) for score in FORECAST_SCORES),
                *OF_INDICES,
                *((name, title, 1.0) for name, title in MAP_SCORE_TITLES.items()),
            )
        ),
    )


FRAMES: Final = Kind(
    name="frames",
    title="What comes next in a sequence",
    parameters=FrameParameters,
    samples=steps.samples,
    training=steps.training,
    evaluation=steps.evaluation,
    layers=steps.layers,
    learned=learned,
    texts=_texts,
    exports=EXPORTS,
)

"""What scores and forecasts of years to come are called."""

from collections.abc import Mapping
from typing import Final

from entropice.imagery.frames.rivals import PERSISTENCE
from entropice.learning.outlook.forecasts import NETWORK, TITLES
from entropice.learning.outlook.index_scores import INDEX_SCORES
from entropice.learning.outlook.map_scores import OBSERVED, TOLD
from entropice.learning.scores.registry import SCORES

OTHER_MODELS: Final[Mapping[str, str]] = {
    **{name: title for name, title in TITLES.items() if name not in (NETWORK, PERSISTENCE)},
    OBSERVED: "The climate that came",
}
"""Those that forecasts of frames do not have anyway."""

OF_INDICES: Final = tuple((score.name, score.title, score.best) for score in INDEX_SCORES)
"""Name, title and best value."""

MAP_SCORE_TITLES: Final[Mapping[str, str]] = {name: f"{SCORES[name].title} of the map" for name in TOLD}

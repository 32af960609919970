"""What models, schemes and scores are called in front of readers, and in which order they are shown."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from entropice.types import DataFrame


@dataclass(frozen=True)
class Text:
    """A name in tables, and what readers are told in its place."""

    name: str
    title: str


_Text = TypeVar("_Text", bound=Text)


@dataclass(frozen=True)
class ModelText(Text):
    """A model; skill is measured between references: 0 at the prevalence, the most that can be had at the limit.

    Attributes
    ----------
    is_reference
        Whether it is such a reference, and no model to choose.
    """

    is_reference: bool = False


@dataclass(frozen=True)
class SchemeText(Text):
    """A way to deal cells into folds."""

    description: str = ""


@dataclass(frozen=True)
class ScoreText(Text):
    """A score; one without a share of the limit is no part of anything attainable, one not tabled is a further one.

    Attributes
    ----------
    bigger_is_better
        None where neither is, as of a slope whose best value is 1.
    has_share_of_limit
        Whether the share of the attainable limit means something.
    is_tabled
        Whether it stands in the main table.
    """

    description: str = ""
    bigger_is_better: bool | None = True
    has_share_of_limit: bool = True
    is_tabled: bool = True


@dataclass(frozen=True)
class MapModel(Text):
    """The model behind the map; ``chosen`` says by what criterion, and what it beat, where there was a choice.

    ``chosen`` has ``criterion score parts beaten`` (`entropice.learning.best`); None where the model was named, or
    nothing was chosen.
    """

    chosen: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Texts:
    """Models, schemes and scores in the readers' order."""

    models: tuple[ModelText, ...]
    schemes: tuple[SchemeText, ...]
    scores: tuple[ScoreText, ...]

    @property
    def tabled(self) -> "Texts":
        """With the scores of the main table alone (``is_tabled``), in their order."""
        return replace(self, scores=tuple(score for score in self.scores if score.is_tabled))

    @property
    def further(self) -> "Texts":
        """With the scores that are not in the main table alone, in their order."""
        return replace(self, scores=tuple(score for score in self.scores if not score.is_tabled))

    def of(self, scores: DataFrame) -> "Texts":
        """Those that occur in the columns ``model scheme score``; what was not declared is last, under its own name.

        What was declared is in its declared order, whatever the order of the rows; names that were not are sorted.

        Examples
        --------
        >>> import pandas as pd
        >>> texts = Texts((ModelText("forest", "Forest"), ModelText("espa", "eSPA")), (), ())
        >>> scores = pd.DataFrame({"model": ["mine", "espa"], "scheme": "spatial", "score": "auc"})
        >>> [model.title for model in texts.of(scores).models]
        ['eSPA', 'mine']
        """
        return Texts(
            in_reading_order(self.models, scores["model"], ModelText),
            in_reading_order(self.schemes, scores["scheme"], SchemeText),
            in_reading_order(self.scores, scores["score"], ScoreText),
        )


def in_reading_order(
    declared: Iterable[_Text], found: Iterable[str], undeclared: Callable[[str, str], _Text]
) -> tuple[_Text, ...]:
    """The declared texts of what was found, then a text for every other name that was found, by name.

    ``undeclared`` makes such a text of name and title, both the name. What was declared and not found is left out.

    Examples
    --------
    >>> [text.title for text in in_reading_order([Text("b", "B"), Text("c", "C")], ["z", "b", "a"], Text)]
    ['B', 'a', 'z']
    """
    by_name, names = {text.name: text for text in declared}, set(found)
    known = [text for name, text in by_name.items() if name in names]
    return (*known, *(undeclared(name, name) for name in sorted(names - by_name.keys())))

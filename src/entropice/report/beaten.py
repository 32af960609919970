"""Whether another model forecasts better than the model behind the map; readers are told first."""

from dataclasses import asdict, dataclass
from typing import Any, Final

from entropice.report.markup import format_number
from entropice.report.shares import BAYES_LIMIT
from entropice.report.texts import Texts
from entropice.types import DataFrame

SCORE: Final = "log_skill"


@dataclass(frozen=True)
class Skill:
    """The log skill of a model, with its 95 % interval; as text with three decimals.

    Examples
    --------
    >>> str(Skill("espa", "eSPA", 0.25, 0.1, 0.375))
    'eSPA 0.250 (95 % interval 0.100 to 0.375)'
    """

    name: str
    title: str
    value: float
    low_95: float
    high_95: float

    def __str__(self) -> str:
        value, low, high = map(format_number, (self.value, self.low_95, self.high_95))
        return f"{self.title} {value} (95 % interval {low} to {high})"


@dataclass(frozen=True)
class Beaten:
    """The model behind the map, and those with a higher log skill, best first, in the scheme called `scheme`.

    Attributes
    ----------
    scheme
        Title of the first scheme of folds.
    model
        The model of the map.
    by
        At least one.
    """

    scheme: str
    model: Skill
    by: tuple[Skill, ...]

    @property
    def statement(self) -> str:
        """One sentence for readers: the scheme, the model of the map, and all that beat it, each with its interval.

        Examples
        --------
        >>> own, other = Skill("espa", "eSPA", 0.1, 0.0, 0.2), Skill("forest", "Forest", 0.3, 0.2, 0.4)
        >>> Beaten("Whole blocks", own, (other,)).statement.partition(": ")[2]
        'eSPA 0.100 (95 % interval 0.000 to 0.200); above it Forest 0.300 (95 % interval 0.200 to 0.400).'
        """
        return (
            f"The model of the map is beaten. Log skill, {self.scheme}: {self.model}; "
            f"above it {', '.join(map(str, self.by))}."
        )

    def entry(self) -> dict[str, Any]:
        """Plain values ``statement score scheme model by``; a model is ``name title value low_95 high_95``."""
        return {"statement": self.statement, "score": SCORE, **asdict(self)}


def who_beats(map_model: str, scores: DataFrame, texts: Texts) -> Beaten | None:
    """Compare the log skill of all models in the first scheme, the prevalence among them and the limit left out.

    Values alone are compared: an interval decides nothing, and a model with the same value does not beat.

    Parameters
    ----------
    map_model
        Name of the model that draws the map.
    scores
        ``scheme model score value low_95 high_95`` and more; one row a scheme, model and score.
    texts
        Which models are compared, how they are called, and which scheme is the first.

    Returns
    -------
    Beaten or None
        Best first. None where no model has a higher value, or the map's model has none (NaN, too), or there is no
        scheme.

    Examples
    --------
    >>> import pandas as pd
    >>> from entropice.report.texts import ModelText, SchemeText
    >>> scores = pd.DataFrame({"scheme": "spatial", "model": ["espa", "forest"], "score": "log_skill",
    ...                        "value": [0.1, 0.3], "low_95": 0.0, "high_95": 0.4})
    >>> models = ModelText("espa", "eSPA"), ModelText("forest", "Forest")
    >>> texts = Texts(models, (SchemeText("spatial", "Whole blocks"),), ())
    >>> [skill.title for skill in who_beats("espa", scores, texts).by], who_beats("forest", scores, texts)
    (['Forest'], None)
    """
    if not texts.schemes:
        return None
    scheme = texts.schemes[0]
    rows = scores[(scores["scheme"] == scheme.name) & (scores["score"] == SCORE)].set_index("model")
    skills = {
        model.name: Skill(model.name, model.title, *map(float, rows.loc[model.name, ["value", "low_95", "high_95"]]))
        for model in texts.models
        if model.name in rows.index and model.name != BAYES_LIMIT
    }
    own = skills.get(map_model)
    better = [skill for skill in skills.values() if own is not None and skill.value > own.value]
    if own is None or not better:
        return None
    return Beaten(scheme.title, own, tuple(sorted(better, key=lambda skill: -skill.value)))

"""Tasks of a run of images: what is asked, how good the answers are, and where its model card stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .fields import Fields
from .image_inventory import ImageInventory, read_image_inventory
from .image_layers import NAME, NAME_RULE


@dataclass(frozen=True)
class ImageScore:
    """A score of a model, or what it is less that of another one; ends of its 95 % interval; None is unknown.

    `compared_with` is the name of the other model, None for a score itself; `part` what of the test it is of, None for
    all; `horizon` how many steps ahead, None where the task does not forecast.
    """

    model: str
    compared_with: str | None
    name: str
    part: str | None
    horizon: float | None
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class ScoreWords:
    """What to call a score, its unit (``1`` for a ratio) and its best value."""

    title: str
    unit: str
    best: float


@dataclass(frozen=True)
class ImageTask:
    """A task; `model_titles` and `scores_by_name` are what to call models and scores, `card` its model card's file.

    `inventory` is None where nobody has looked at whole regions.
    """

    name: str
    title: str
    kind_title: str
    source_title: str
    model_titles: Mapping[str, str]
    scores_by_name: Mapping[str, ScoreWords]
    scores: tuple[ImageScore, ...]
    card: str
    inventory: ImageInventory | None

    def model_title(self, name: str) -> str:
        """What to call a model; its name where the run has no title for it."""
        return self.model_titles.get(name, name)


def read_image_task(fields: Fields) -> ImageTask:
    """The task of an entry of the manifest.

    Values of scores and ends of intervals may be null; runs of before there were inventories have no key for one.

    Read are ``name title kind_title source_title model_card inventory``, ``models`` (``name title``), ``score_names``
    (``name title unit best``) and ``scores`` (``model compared_with score part horizon value low_95 high_95``).

    Raises
    ------
    RunFolderError
        A value is not as the schema says.
    """
    return ImageTask(
        name=fields.matching("name", NAME, NAME_RULE),
        title=fields.label("title"),
        kind_title=fields.label("kind_title"),
        source_title=fields.label("source_title"),
        model_titles={entry.text("name"): entry.label("title") for entry in fields.objects("models")},
        scores_by_name={
            entry.text("name"): ScoreWords(entry.label("title"), entry.label("unit"), entry.number("best"))
            for entry in fields.objects("score_names")
        },
        scores=tuple(_score(entry) for entry in fields.objects("scores")),
        card=fields.text("model_card"),
        inventory=_inventory(fields),
    )


def _inventory(fields: Fields) -> ImageInventory | None:
    """Runs of before there were inventories do not say that they have none."""
    found = fields.optional_object("inventory") if fields.has("inventory") else None
    return None if found is None else read_image_inventory(found)


def _score(fields: Fields) -> ImageScore:
    horizon, value, low, high = (_number(fields, key) for key in ("horizon", "value", "low_95", "high_95"))
    return ImageScore(
        fields.text("model"),
        fields.optional_text("compared_with"),
        fields.text("score"),
        fields.optional_text("part"),
        horizon,
        value,
        low,
        high,
    )


def _number(fields: Fields, key: str) -> float | None:
    return None if fields.is_null(key) else fields.number(key)

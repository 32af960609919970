"""Which world and sources an environment is made of, and the pipelines that follow from it."""

from typing import TYPE_CHECKING, Literal

from pydantic import model_validator

from entropice.base_model import StrictModel

if TYPE_CHECKING:
    from kedro.pipeline import Pipeline


class Composition(StrictModel):
    """The content of ``composition.yml``.

    Attributes
    ----------
    world
        ``virtual_arctic`` makes the source files itself, with known truth; None takes them as given.
    labels, climate, terrain, embeddings
        The source of each kind of data; None switches a feature group off.
    is_downloaded
        Whether the pipeline ``download`` fetches the source files from where they are published.
    """

    world: Literal["virtual_arctic"] | None
    labels: Literal["darts", "arts", "polygons"]
    climate: Literal["era5_monthly", "era5_hourly", "era5_fields"] | None
    terrain: Literal["arcticdem"] | None
    embeddings: Literal["alphaearth"] | None
    is_downloaded: bool = False

    @model_validator(mode="after")
    def _downloads_no_virtual_world(self) -> "Composition":
        if self.is_downloaded and self.world is not None:
            raise ValueError(f"is_downloaded is for real files; world {self.world} makes its own")
        return self

    @model_validator(mode="after")
    def _has_features(self) -> "Composition":
        if self.climate is None and self.terrain is None and self.embeddings is None:
            raise ValueError("climate, terrain and embeddings are all null; at least one feature group is needed")
        return self


class Globals(StrictModel):
    """The content of ``globals.yml``: what paths are made of.

    Attributes
    ----------
    grid
        Key of the grid of a run that names none.
    work_root
        Folder of everything that is made.
    data_root
        Folder of the source files; None for ``01_raw`` in `work_root`.
    """

    grid: str
    work_root: str
    data_root: str | None = None


VIRTUAL_WORLD = Composition(
    world="virtual_arctic", labels="darts", climate="era5_monthly", terrain="arcticdem", embeddings="alphaearth"
)


def compose(composition: Composition) -> "dict[str, Pipeline]":
    """Every pipeline of an environment by name, and their sum as ``__default__``."""
    from entropice.pipelines import features, grids, labels, modelling, reporting, virtual_arctic

    is_virtual = composition.world is not None
    pipelines = {"virtual_arctic": virtual_arctic.create_pipeline()} if is_virtual else {}
    pipelines |= {
        "grids": grids.create_pipeline(),
        "labels": labels.create_pipeline(composition.labels),
        "features": features.create_pipeline(
            climate=composition.climate, terrain=composition.terrain, embeddings=composition.embeddings
        ),
        "modelling": modelling.create_pipeline(),
        "reporting": reporting.create_pipeline(with_limit=is_virtual),
    }
    first, *rest = pipelines.values()
    return {**_download(composition), **pipelines, "__default__": sum(rest, start=first)}


def _download(composition: Composition) -> "dict[str, Pipeline]":
    """The pipeline that fetches the sources, which runs only when it is named."""
    from entropice.pipelines import download

    if not composition.is_downloaded:
        return {}
    return {
        "download": download.create_pipeline(
            climate=composition.climate is not None,
            terrain=composition.terrain is not None,
            embeddings=composition.embeddings is not None,
        )
    }

"""The model of a finished run as plain arrays and a document: all that predicting elsewhere needs, without training.

The document says what the model may be given: the grid, and of every feature its unit, group, statistic, source and
years, and the range that training rows span.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from entropice.errors import EntropiceError, FeatureError, GridError, ModelFileError
from entropice.learning.classes import DensityClasses
from entropice.learning.doubts import doubts as doubts_file
from entropice.learning.doubts.doubts import Doubts
from entropice.learning.exposure import EXPOSURE
from entropice.learning.model_file import from_arrays
from entropice.learning.predictor import Predictor
from entropice.learning.training_table import feature_columns
from entropice.types import DataArray, Dataset

if TYPE_CHECKING:
    from entropice.learning.models.model import NamedArrays

FORMAT: Final = "entropice-portable-model"
FORMAT_VERSION: Final = 1
PARTS: Final = ("map_model", "doubts_model")
"""Of the arrays ``<part>/<name>``, and of the document."""

BINDING: Final = ("units", "group", "statistic")
"""What a feature must be where the model is applied, too."""

TOLD: Final = ("source", "years")
"""What may be another there, and is told."""

REMAKE: Final = "make the run again with this version (kedro run), and name its folder with --params model=…"


def pack(
    parts: "Mapping[str, tuple[NamedArrays, Mapping[str, Any]]]",
    classes: Mapping[str, Any],
    grid: str,
    training_table: pd.DataFrame,
    features: Dataset,
) -> "tuple[NamedArrays, dict[str, Any]]":
    """Put a run's model together; the same run gives the same arrays and document.

    Parameters
    ----------
    parts
        Arrays and document of ``map_model`` and of ``doubts_model``.
    classes
        As `DensityClasses.to_json` gives them.
    grid
        Key of the grid.
    training_table
        The rows that the model was fitted to, columns ``cell_id year <feature>…``.
    features
        The cube that describes their features, dims ("cell", "year"): each has the attributes ``units group statistic
        source years``, else KeyError.

    Returns
    -------
    tuple
        Arrays called ``<part>/<name>``, and the document: ``format format_version entropice_version grid label_years
        classes features map_model doubts_model``. ``features`` holds, by name, ``units group statistic source years
        minimum maximum``; the range is of the training rows, None where none knows the feature.
    """
    arrays = {f"{part}/{name}": array for part in PARTS for name, array in parts[part][0].items()}
    return arrays, {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "entropice_version": version("entropice"),
        "grid": grid,
        "label_years": sorted(training_table["year"].unique().tolist()),
        "classes": dict(classes),
        "features": {
            name: _description(features[name]) | _range(training_table[name])
            for name in feature_columns(training_table)
        },
        **{part: dict(parts[part][1]) for part in PARTS},
    }


def _description(feature: DataArray) -> dict[str, str]:
    return {key: str(feature.attrs[key]) for key in (*BINDING, *TOLD)}


def _range(values: "pd.Series[float]") -> dict[str, float | None]:
    """None where no training row knows the feature."""
    known = values.dropna()
    ends = (known.min(), known.max()) if len(known) else (None, None)
    return {name: None if end is None else float(end) for name, end in zip(("minimum", "maximum"), ends, strict=True)}


@dataclass(frozen=True)
class PortableModel:
    """A run's model that can predict.

    Attributes
    ----------
    path
        The file of its document, for errors.
    predictor, doubts, classes
        What draws the map, how sure it is, and the classes of its probabilities.
    grid
        Key of the grid that its features are statistics of.
    label_years
        Of the training rows, ascending.
    features
        By name of the feature: ``units group statistic source years minimum maximum``; the last two are None where no
        training row knows it.
    """

    path: str
    predictor: Predictor
    doubts: Doubts
    classes: DensityClasses
    grid: str
    label_years: tuple[int, ...]
    features: Mapping[str, Mapping[str, Any]]

    @cached_property
    def feature_names(self) -> tuple[str, ...]:
        """Features that it must be given, known or not, in the order of the training rows."""
        seen = {*self.predictor.feature_names, *self.doubts.feature_names}
        return tuple(name for name in self.features if name in seen)

    def require_same(self, grid: str, cube: Dataset) -> None:
        """Pass only if cells and features, a cube on dims ("cell", "year"), are such as it was trained on.

        Raises
        ------
        GridError
            Another grid or level; looked for first.
        FeatureError
            The cube lacks a feature, or has it in another unit, group or statistic.

        Examples
        --------
        >>> from types import SimpleNamespace
        >>> seen, told = SimpleNamespace(feature_names=("rain",)), {"rain": {"units": "mm", "group": "climate"}}
        >>> model = PortableModel("model.json", seen, seen, None, "h3_6", (2020,), told)
        >>> model.require_same("h3_5", None)
        Traceback (most recent call last):
            ...
        entropice.errors.GridError: The model is of another grid...
        """
        if grid != self.grid:
            raise GridError(
                "The model is of another grid: its features are statistics of cells of another size or shape.",
                path=self.path,
                field="grid",
                got=grid,
                expected=self.grid,
                fix=f"use the model's grid (--params grid={self.grid}), or make a run of the grid {grid} for its model",
            )
        lacking = [name for name in self.feature_names if name not in cube.data_vars]
        if lacking:
            raise self._lacks(lacking, cube)
        # Units, group and statistic decide what a number means; source and years may differ, and are told instead.
        for name in self.feature_names:
            for key in BINDING:
                if (got := str(cube[name].attrs.get(key))) != self.features[name][key]:
                    raise self._differs(name, key, got)

    def differences(self, cube: Dataset) -> dict[tuple[str, str], str]:
        """What the cube, on dims ("cell", "year"), says of a feature where it is not what was said in training.

        By name and key, ``source`` or ``years``: the text of the cube's attribute, "None" where it has none. Empty
        where nothing differs.

        Examples
        --------
        >>> import xarray as xr
        >>> from types import SimpleNamespace
        >>> seen, told = SimpleNamespace(feature_names=("rain",)), {"rain": {"source": "ERA5", "years": "y"}}
        >>> model = PortableModel("model.json", seen, seen, None, "h3_6", (2020,), told)
        >>> model.differences(xr.Dataset({"rain": ("cell", [1.0], {"source": "ERA5-Land", "years": "y"})}))
        {('rain', 'source'): 'ERA5-Land'}
        """
        here = {(name, key): str(cube[name].attrs.get(key)) for name in self.feature_names for key in TOLD}
        return {(name, key): text for (name, key), text in here.items() if text != self.features[name][key]}

    def _lacks(self, names: Sequence[str], cube: Dataset) -> FeatureError:
        sources = dict.fromkeys(str(self.features[name]["source"]) for name in names)
        return FeatureError(
            "There are no such features here, which the model was trained on.",
            path=self.path,
            field=", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else ""),
            got=f"{len(cube.data_vars)} features without them",
            expected=f"all {len(self.feature_names)} features of the model, unknown where they are not known",
            fix=f"name the source ({', '.join(sources)}) among the features in composition.yml, with the parameters of "
            "the model's run, then kedro run --pipelines features",
        )

    def _differs(self, name: str, key: str, got: str) -> FeatureError:
        return FeatureError(
            "A feature is not what it was where the model was trained.",
            path=self.path,
            field=f"{name}: {key}",
            got=got,
            expected=self.features[name][key],
            fix="make the features as in the model's run: kedro run --pipelines features",
        )


def unpack(arrays: "NamedArrays", document: Mapping[str, Any], path: str) -> PortableModel:
    """Take apart what `pack` put together.

    `path` is where the document was read, for errors. Any other error of ours on the way has this path, and the fix to
    make the run again.

    Raises
    ------
    ModelFileError
        The document is of another format or version, does not fit the arrays, or describes not all features of its
        fits.
    """
    found = (document.get("format"), document.get("format_version"))
    if found != (FORMAT, FORMAT_VERSION):
        raise ModelFileError(
            "This is no model that this version reads.",
            path=path,
            field="format, format_version",
            got=found,
            expected=(FORMAT, FORMAT_VERSION),
            fix="apply it with the version that wrote it "
            f"(entropice {document.get('entropice_version', 'of another time')}), or {REMAKE}",
        )
    try:
        predictor = from_arrays(_of_part("map_model", arrays), document["map_model"])
        doubts = doubts_file.from_arrays(_of_part("doubts_model", arrays), document["doubts_model"])
        return _described(
            PortableModel(
                path,
                predictor,
                doubts,
                DensityClasses.from_json(document["classes"]),
                document["grid"],
                tuple(document["label_years"]),
                document["features"],
            )
        )
    except EntropiceError as error:
        error.path, error.fix = path, REMAKE
        raise
    except (ValueError, KeyError, TypeError) as error:
        raise ModelFileError(
            "The model is not what its description says.",
            path=path,
            field="model",
            got=repr(error),
            expected="the document and arrays that a run has written",
            fix=REMAKE,
        ) from error


def _described(model: PortableModel) -> PortableModel:
    """The model, if its document describes every feature that its fits see.

    Raises
    ------
    ModelFileError
        It does not.
    """
    undescribed = sorted({*model.predictor.feature_names, *model.doubts.feature_names} - {*model.features, EXPOSURE})
    if undescribed:
        raise ModelFileError(
            "The model was fitted to features that its document does not describe.",
            field="features",
            got=f"nothing of {', '.join(undescribed[:5])}",
            expected="units, group, statistic, source, years and range of every feature",
        )
    return model


def _of_part(part: str, arrays: "NamedArrays") -> "NamedArrays":
    return {name.removeprefix(f"{part}/"): array for name, array in arrays.items() if name.startswith(f"{part}/")}


def is_outside(model: PortableModel, features: pd.DataFrame) -> pd.DataFrame:
    """Whether each value (n, n_feature) lies beyond the range of the training rows; unknown ones do not.

    Columns are the features of the model, with the index of `features`; the ends of a range lie within it. Every known
    value of a feature that no training row knows lies beyond.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> ranges = {"rain": {"minimum": 1.0, "maximum": 3.0}, "snow": {"minimum": None, "maximum": None}}
    >>> model = SimpleNamespace(feature_names=("rain", "snow"), features=ranges)
    >>> is_outside(model, pd.DataFrame({"rain": [3.0, 3.1, np.nan], "snow": [np.nan, 1.0, 0.0]})).to_dict("list")
    {'rain': [False, True, False], 'snow': [False, True, True]}
    """
    return pd.DataFrame(
        {
            name: ~features[name].between(*_ends(model.features[name])) & features[name].notna()
            for name in model.feature_names
        },
        index=features.index,
    )


def _ends(known: Mapping[str, Any]) -> tuple[float, float]:
    low, high = known["minimum"], known["maximum"]
    # A range that nothing lies within: what training knew nothing of is outside, whatever it is.
    return (np.inf, -np.inf) if low is None else (low, high)

"""Configuration with the two roots of all paths."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from kedro.config import MissingConfigException, OmegaConfigLoader
from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException
from yaml import YAMLError

from entropice.app.configuration.files import environment_folders, explain


class RootedConfigLoader(OmegaConfigLoader):
    """Kedro's loader with roots: ``${raw_root:}``, ``${grid_root:}``, ``${runs_root:}``, ``${model_root:}`` and others.

    These are the folders of the source files, of the results, of the runs that are compared, and of the run whose model
    is applied or whose map is audited; ``${base_grid_root:}`` is that of the results that an environment builds on.
    ``${audit_root:}`` is beside the run that is audited, ``${answers_file:}`` is the sheet that was filled in. They
    follow from ``globals.yml``, and from the parameters ``data_root``, ``grid``, ``size``, ``comparison.runs_root``,
    ``model`` and ``answers``. They are resolvers, because Kedro's globals of one environment cannot follow from values
    of another, nor from ``--params``.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        with self._explained():
            super().__init__(*args, **kwargs)
        resolvers = {
            "raw_root": self._raw_root,
            "grid_root": self.grid_root,
            "base_grid_root": self._base_grid_root,
            "runs_root": self._runs_root,
            "model_root": self._model_root,
            "audit_root": self._audit_root,
            "answers_file": self._answers_file,
        }
        for name, resolver in resolvers.items():
            OmegaConf.register_new_resolver(name, resolver, replace=True, use_cache=True)

    def __getitem__(self, key: str) -> dict[str, Any]:
        """As Kedro's, parameters of the size that is run; what cannot be read is refused with the file at fault."""
        with self._explained():
            return deepcopy(self._parameters) if key == "parameters" else self._read(key)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except MissingConfigException:
            raise
        except (YAMLError, OmegaConfBaseException, ValueError, AttributeError, TypeError) as error:
            conf = Path(self.conf_source)
            explain(error, environment_folders(conf, self.env), conf.parent)

    def _raw_root(self) -> str:
        roots = self["globals"]
        given = (self.runtime_params or {}).get("data_root") or roots.get("data_root")
        return str(given or f"{roots['work_root']}/01_raw")

    def grid_root(self) -> str:
        """Folder of the results of the run's grid and size, as paths in the catalog name it.

        ``<work_root>/<grid>``, and ``/<size>`` where there is one; the command line's `grid` and `size` go before those
        of ``globals.yml``.

        Raises
        ------
        ConfigError
            ``globals.yml`` cannot be read.
        """
        roots, given = self["globals"], self.runtime_params or {}
        parts = [given.get(name) or roots.get(name) for name in ("grid", "size")]
        return "/".join([roots["work_root"], *(part for part in parts if part)])

    def _base_grid_root(self) -> str:
        """Folder of the same grid's results in the run that this environment builds on."""
        roots = self["globals"]
        return f"{roots['base_root']}/{(self.runtime_params or {}).get('grid') or roots['grid']}"

    def _sized(self, parameters: dict[str, Any]) -> dict[str, Any]:
        """Parameters in which a size changes single values, as an environment's file does; the command line wins.

        Raises
        ------
        ValueError
            There is no such size.
        """
        given = self.runtime_params or {}
        size = given.get("size") or self["globals"].get("size")
        sizes = parameters.pop("sizes")
        if size not in sizes:
            raise ValueError(f"no size {size!r}; there are {', '.join(sizes)}")
        merged = OmegaConf.merge(parameters, sizes[size] or {}, given)
        return cast("dict[str, Any]", OmegaConf.to_container(merged))

    @cached_property
    def _parameters(self) -> dict[str, Any]:
        """Read once for the context, Kedro and all roots: each time is a tenth of a run that has nothing to do."""
        found = self._read("parameters")
        return self._sized(found) if "sizes" in found else found

    def _read(self, key: str) -> dict[str, Any]:
        return super().__getitem__(key)

    def _runs_root(self) -> str:
        comparison = self._parameters.get("comparison") or {}
        return str(comparison.get("runs_root") or self["globals"]["work_root"])

    def _model_root(self) -> str:
        """Where no model is named, a folder that is none: what would read it is refused before."""
        return str(self._parameters.get("model") or "no_model")

    def _audit_root(self) -> str:
        """Beside the run folder, which is replaced when the run is made again."""
        return f"{Path(self._model_root()).resolve()}_audit"

    def _answers_file(self) -> str:
        return str(self._parameters.get("answers") or "no_answers")

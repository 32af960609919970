"""Configuration with the two roots of all paths."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from kedro.config import MissingConfigException, OmegaConfigLoader
from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException
from yaml import YAMLError

from entropice.app.configuration.files import environment_folders, explain


class RootedConfigLoader(OmegaConfigLoader):
    """Kedro's loader with ``${raw_root:}``, ``${grid_root:}``, ``${runs_root:}`` and ``${model_root:}``.

    These are the folders of the source files, of the results, of the runs that are compared, and of the run whose model
    is applied. They follow from ``globals.yml``, and from the parameters ``data_root``, ``grid``,
    ``comparison.runs_root`` and ``model``. They are resolvers, because Kedro's globals of one environment cannot follow
    from values of another, nor from ``--params``.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        with self._explained():
            super().__init__(*args, **kwargs)
        OmegaConf.register_new_resolver("raw_root", self._raw_root, replace=True, use_cache=True)
        OmegaConf.register_new_resolver("grid_root", self.grid_root, replace=True, use_cache=True)
        OmegaConf.register_new_resolver("runs_root", self._runs_root, replace=True, use_cache=True)
        OmegaConf.register_new_resolver("model_root", self._model_root, replace=True, use_cache=True)

    def __getitem__(self, key: str) -> dict[str, Any]:
        """As Kedro's; what cannot be read is refused with the file at fault."""
        with self._explained():
            return super().__getitem__(key)

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
        """Folder of the results of the run's grid, as paths in the catalog name it."""
        roots = self["globals"]
        return f"{roots['work_root']}/{(self.runtime_params or {}).get('grid') or roots['grid']}"

    @cached_property
    def _parameters(self) -> dict[str, Any]:
        """Read once for both roots: it is a tenth of a run that has nothing to do."""
        return self["parameters"]

    def _runs_root(self) -> str:
        comparison = self._parameters.get("comparison") or {}
        return str(comparison.get("runs_root") or self["globals"]["work_root"])

    def _model_root(self) -> str:
        """Where no model is named, a folder that is none: what would read it is refused before."""
        return str(self._parameters.get("model") or "no_model")

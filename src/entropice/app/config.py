"""Configuration with the two roots of all paths."""

from typing import Any

from kedro.config import OmegaConfigLoader
from omegaconf import OmegaConf


class RootedConfigLoader(OmegaConfigLoader):
    """Kedro's loader with ``${raw_root:}``, the folder of the source files, and ``${grid_root:}``, that of the results.

    Both follow from ``globals.yml`` and from ``--params data_root=…`` and ``--params grid=…``. They are resolvers,
    because Kedro's globals of one environment cannot follow from values of another, nor from ``--params``.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        OmegaConf.register_new_resolver("raw_root", self._raw_root, replace=True, use_cache=True)
        OmegaConf.register_new_resolver("grid_root", self._grid_root, replace=True, use_cache=True)

    def _raw_root(self) -> str:
        roots = self["globals"]
        given = (self.runtime_params or {}).get("data_root") or roots.get("data_root")
        return str(given or f"{roots['work_root']}/01_raw")

    def _grid_root(self) -> str:
        roots = self["globals"]
        return f"{roots['work_root']}/{(self.runtime_params or {}).get('grid') or roots['grid']}"

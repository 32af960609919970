"""Kedro's settings."""

from entropice.app.config import RootedConfigLoader
from entropice.app.context import ComposedContext
from entropice.app.hooks import ProjectHooks
from entropice.app.session import ChangedOnlySession

HOOKS = (ProjectHooks(),)
CONTEXT_CLASS = ComposedContext
SESSION_CLASS = ChangedOnlySession

CONFIG_LOADER_CLASS = RootedConfigLoader
CONFIG_LOADER_ARGS = {
    "base_env": "base",
    "default_run_env": "local",
    "config_patterns": {"composition": ["composition*"]},
    # `--params grids.region.min_lat_deg=70` and an environment's file change one value, not the whole section
    "merge_strategy": {"parameters": "soft"},
}

"""Kedro's settings."""

import warnings

from kedro import KedroDeprecationWarning

from entropice.app.configuration.loader import RootedConfigLoader
from entropice.app.context import ComposedContext
from entropice.app.hooks import ProjectHooks
from entropice.app.session import IncrementalSession
from entropice.app.step_lines import StepLines

# `--pipeline` goes on working beside Kedro's `--pipelines`, without its notice on every run.
warnings.filterwarnings("ignore", "Option '--pipeline' is deprecated", KedroDeprecationWarning)

HOOKS = (ProjectHooks(), StepLines())
CONTEXT_CLASS = ComposedContext
SESSION_CLASS = IncrementalSession

CONFIG_LOADER_CLASS = RootedConfigLoader
CONFIG_LOADER_ARGS = {
    "base_env": "base",
    "default_run_env": "local",
    "config_patterns": {"composition": ["composition*"]},
    # `--params grids.region.min_lat_deg=70` and an environment's file change one value, not the whole section
    "merge_strategy": {"parameters": "soft"},
}

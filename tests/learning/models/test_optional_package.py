"""A model whose package is not installed says which extra brings it, before anything heavy."""

import importlib.util

import pytest
from model_problems import classes_by_features, fit, samples_in_stripes, tuning

from entropice.errors import ConfigError


def test_without_xgboost_the_extra_is_named(monkeypatch):
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "xgboost" else find_spec(name))
    samples = samples_in_stripes()
    with pytest.raises(ConfigError, match=r"xgboost is not installed(.|\n)*pip install 'entropice\[xgb\]'"):
        fit("xgboost", samples, classes_by_features(samples), tuning())

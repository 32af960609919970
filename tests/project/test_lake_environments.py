"""Real and virtual lakes are learned in the same way: two files say so, as no environment can stand on another."""

import pytest
from task_steps import configuration_of


def learned_by(environment, size):
    task = configuration_of(environment, "lakes", {}, size).parameters.task("lakes")
    samples = task.samples.model_dump(include={"sensors", "known_by", "derivation", "ignored_edge_px", "augmentation"})
    judged = task.evaluation.model_dump(include={"rivals", "threshold", "test_time", "objects"})
    return {"bands": task.bands, **samples, "network": task.network, "training": task.training.model_dump(), **judged}


@pytest.mark.parametrize("size", ["published", "demo"])
def test_what_is_learned_on_virtual_lakes_can_be_learned_on_real_ones(size):
    virtual, real = (learned_by(environment, size) for environment in ("glacial_lakes", "lakes_observed"))
    assert real == virtual

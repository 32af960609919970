"""Names in the parameters of a task that are not declared stop a run before its first step."""

import subprocess
import sys
from pathlib import Path

import pytest

from entropice.app.commands import COMMAND_LINE
from entropice.app.configuration.environment import read_configuration
from entropice.app.configuration.loader import RootedConfigLoader
from entropice.errors import ConfigError
from entropice.imagery.bands import BANDS
from entropice.imagery.threshold_rules import RULES
from entropice.networks.architectures import ARCHITECTURES
from entropice.networks.fusion import FUSIONS
from entropice.networks.loss_registry import LOSSES
from entropice.pipelines.kinds.mask.measures import measures
from entropice.settings import CONFIG_LOADER_ARGS

CONF = Path(__file__).parents[2] / "conf"


def refused(**of_slumps):
    """What a run ends in that is given these parameters of slumps."""
    given = {"size": "published", "tasks": {"slumps": of_slumps}}
    loader = RootedConfigLoader(str(CONF), env="slump_imagery", runtime_params=given, **CONFIG_LOADER_ARGS)
    with pytest.raises(ConfigError) as refusal:
        read_configuration(loader)
    return refusal.value


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"network": {"architecture": "unett"}}, "network.architecture", "did you mean unet"),
        ({"network": {"fusion": "sumed"}}, "network.fusion", "did you mean summed"),
        ({"network": {"architecture": "sam", "fusion": "summed"}}, "network.fusion", "cannot join"),
        ({"bands": ["red", "infra"]}, "bands.1", "known here: coastal"),
        ({"bands": ["red", "ndvy"]}, "bands.1", "did you mean ndvi"),
        ({"training": {"losses": [{"name": "focl"}]}}, "training.losses.0.name", "did you mean focal"),
        (
            {"training": {"losses": [{"name": "focal", "parameters": {"gama": 2.0}}]}},
            "training.losses.0.parameters.gama",
            "Focal, gama",
        ),
        (
            {"training": {"losses": [{"name": "dice"}, {"name": "balanced_cross_entropy"}]}},
            "training.losses.1.parameters.positive_share",
            "positive_share",
        ),
        ({"training": {"metric": "val_50_pr_auc"}}, "training.metric", "did you mean val_500_pr_auc"),
        ({"training": {"n_parts": 7}}, "training.n_parts", "7 equal parts"),
        ({"training": {"warmup_epochs": 400}}, "training.warmup_epochs", "part of all epochs"),
        ({"training": {"lowest_rate": 1.0}}, "training.lowest_rate", "not above the others"),
        ({"training": {"batch_size": 16}}, "training.batch_size", "20 negative ones"),
        ({"evaluation": {"threshold": "f_hafl"}}, "evaluation.threshold", "did you mean f_half"),
    ],
)
def test_it_is_named_with_the_nearest_one(changed, field, words):
    refusal = refused(**changed)
    assert refusal.field == f"tasks.slumps.{field}"
    assert words in refusal.what
    assert refusal.path == COMMAND_LINE
    assert None not in (refusal.got, refusal.expected, refusal.fix)


def test_all_faults_are_told_at_once():
    refusal = refused(bands=["infra"], network={"architecture": "unett", "fusion": "late"})
    assert all(name in refusal.what for name in ("infra", "unett", "late"))


def test_measures_are_those_of_the_guide():
    assert measures([200.0, 500.0]) == (
        *("val_balanced_pr_auc", "val_balanced_iou_positive"),
        *("val_200_pr_auc", "val_200_iou_positive", "val_500_pr_auc", "val_500_iou_positive"),
    )


def test_names_are_declared_once():
    for declared in (ARCHITECTURES, FUSIONS, LOSSES, RULES, BANDS):
        names = [one.name for one in declared]
        assert len(set(names)) == len(names)


def test_names_need_neither_torch_nor_numpy():
    probe = (
        "import sys, entropice.pipelines.tasks.parameters as _;"
        "print([name for name in ('torch', 'numpy', 'timm', 'segmentation_models_pytorch') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"

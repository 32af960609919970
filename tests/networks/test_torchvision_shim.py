"""The shim: used where the operators are lacking, and only there."""

import subprocess
import sys
from types import ModuleType

import pytest
import torch

from entropice.networks import torchvision_shim
from entropice.networks.torchvision_shim import LACKING, make_importable


def test_torchvision_imports_and_an_operator_that_is_not_there_still_fails():
    make_importable()
    import torchvision

    assert torchvision.__version__
    if torchvision_shim._DECLARED:
        with pytest.raises(NotImplementedError):
            torch.ops.torchvision.nms(torch.zeros(1, 4), torch.zeros(1), 0.5)


def test_where_it_imports_nothing_is_declared(monkeypatch):
    monkeypatch.setattr(torchvision_shim, "import_module", ModuleType)
    before = len(torchvision_shim._DECLARED)
    make_importable()
    assert len(torchvision_shim._DECLARED) == before


def test_where_it_lacks_them_it_is_imported_again_without_what_was_half_made(monkeypatch):
    monkeypatch.setitem(sys.modules, "torchvision", ModuleType("torchvision"))
    monkeypatch.setitem(sys.modules, "torchvision.half_made", ModuleType("torchvision.half_made"))
    monkeypatch.setattr(torchvision_shim, "_declare", lambda: seen.append("declared"))
    seen = []

    def fail_once(name):
        seen.append(name)
        if len(seen) == 1:
            raise RuntimeError(LACKING)

    monkeypatch.setattr(torchvision_shim, "import_module", fail_once)
    make_importable()
    assert seen == ["torchvision", "declared", "torchvision"]
    assert "torchvision.half_made" not in sys.modules


def test_another_error_is_not_hidden(monkeypatch):
    def fail(name):
        raise RuntimeError("something else")

    monkeypatch.setattr(torchvision_shim, "import_module", fail)
    with pytest.raises(RuntimeError, match="something else"):
        make_importable()


def test_a_fresh_process_imports_the_libraries_offline_without_a_warning():
    code = (
        "from entropice.networks.libraries import smp, timm; import huggingface_hub.constants as c; "
        "assert c.HF_HUB_OFFLINE; assert smp.Unet and timm.create_model"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr

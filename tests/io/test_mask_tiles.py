import numpy as np
import pytest
from chips import PRODUCT, chip, chip_label, chip_place
from kedro.io import DatasetError

from entropice.imagery.audited import AuditedSamples
from entropice.io import ImageTilesDataset, MaskTilesDataset
from entropice.sources.imagery.audits import AuditedMask


@pytest.fixture
def audits(tmp_path):
    return MaskTilesDataset(filepath=str(tmp_path / "audits"))


def test_audits_stand_beside_the_labels_of_their_chips(tmp_path, audits):
    images = ImageTilesDataset(filepath=str(tmp_path / "images"), product=PRODUCT)
    images.save(chip(number) for number in range(2))
    redrawn = np.roll(chip_label(), 2, axis=0)
    audits.save([AuditedMask("pamir_1_2021", chip_place(1), redrawn)])
    samples = AuditedSamples(images.load(), audits.load())
    assert samples.keys == ("pamir_1_2021",)
    np.testing.assert_array_equal(samples.read("pamir_1_2021").target, redrawn == 1)


def test_an_audit_of_nothing_is_recorded_too(audits):
    with pytest.raises(DatasetError, match="has not been made"):
        audits.load()
    audits.save([])
    assert audits.load().keys == ()


def test_a_mask_changed_by_hand_is_noticed(audits):
    audits.save([AuditedMask("a", chip_place(), chip_label())])
    path = audits.path / "a.tif"
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(DatasetError, match="changed"):
        audits.load()

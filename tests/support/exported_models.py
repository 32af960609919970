"""Networks as they are exported, with a few bytes for weights."""

from entropice.exports.ice_pipeline import ExportedModel

TYPES = ExportedModel(
    stem="ice_classifier_resnet50",
    title="Ice types",
    weights=b"weights of types",
    log=[{"epoch": 1.0, "train_loss": 0.5}],
    loading="import torch\nnetwork = ...",
    modules={},
    inputs="RGB",
    outputs="a chance for each class",
    says="3 logits",
    expectations=[{"what": "accuracy", "published": "80-85 %", "ours": "91 %"}],
    limits=["clouds"],
)
CHANGE = ExportedModel(
    stem="change_detector",
    title="Ice change",
    weights=b"weights of change",
    log=[],
    loading="from siamese import Siamese",
    modules={"siamese.py": "class Siamese: ...\n"},
    inputs="two RGB",
    outputs="a chance",
    says="1 logit",
    expectations=[],
    limits=["land"],
)

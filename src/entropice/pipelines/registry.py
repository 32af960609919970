"""All pipelines, one entry each, in the order in which they run."""

from typing import Final

from entropice.pipelines.apply.pipeline import APPLY
from entropice.pipelines.audit.pipeline import AUDIT, AUDIT_SAMPLE
from entropice.pipelines.comparison.pipeline import COMPARISON
from entropice.pipelines.declaration import PipelineDeclaration
from entropice.pipelines.download.pipeline import DOWNLOAD
from entropice.pipelines.evaluation.pipeline import EVALUATION
from entropice.pipelines.exporting.pipeline import EXPORTING
from entropice.pipelines.features.pipeline import FEATURES
from entropice.pipelines.grids.pipeline import GRIDS
from entropice.pipelines.image_report.pipeline import IMAGE_REPORT
from entropice.pipelines.inventory.pipeline import INVENTORY
from entropice.pipelines.label_audit.pipeline import LABEL_AUDIT
from entropice.pipelines.labels.pipeline import LABELS
from entropice.pipelines.layers.pipeline import LAYERS
from entropice.pipelines.mapping.pipeline import MAPPING
from entropice.pipelines.modelling.pipeline import MODELLING
from entropice.pipelines.objects.pipeline import OBJECTS
from entropice.pipelines.outlook.pipeline import OUTLOOK
from entropice.pipelines.reporting.pipeline import REPORTING
from entropice.pipelines.samples.pipeline import SAMPLES
from entropice.pipelines.scenes.pipeline import SCENES
from entropice.pipelines.training.pipeline import TRAINING
from entropice.pipelines.two_stage.pipeline import TWO_STAGE
from entropice.pipelines.virtual_arctic.pipeline import VIRTUAL_ARCTIC

PIPELINES: Final[tuple[PipelineDeclaration, ...]] = (
    DOWNLOAD,
    VIRTUAL_ARCTIC,
    GRIDS,
    SCENES,
    SAMPLES,
    TRAINING,
    EVALUATION,
    OBJECTS,
    LABEL_AUDIT,
    INVENTORY,
    OUTLOOK,
    LAYERS,
    TWO_STAGE,
    MAPPING,
    LABELS,
    FEATURES,
    MODELLING,
    REPORTING,
    IMAGE_REPORT,
    EXPORTING,
    APPLY,
    AUDIT_SAMPLE,
    AUDIT,
    COMPARISON,
)

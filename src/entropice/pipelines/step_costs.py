"""The costs of all steps, by their functions."""

from collections.abc import Callable
from typing import Any, Final

from entropice.pipelines.apply import costs as apply
from entropice.pipelines.audit import costs as audit
from entropice.pipelines.comparison import costs as comparison
from entropice.pipelines.download import costs as download
from entropice.pipelines.exporting import costs as exporting
from entropice.pipelines.features import costs as features
from entropice.pipelines.grids import costs as grids
from entropice.pipelines.image_report import costs as image_report
from entropice.pipelines.image_sources import costs as given_images
from entropice.pipelines.image_sources.cell_fields import costs as cell_fields
from entropice.pipelines.image_sources.virtual_ice import costs as virtual_ice
from entropice.pipelines.image_sources.virtual_lakes import costs as virtual_lakes
from entropice.pipelines.image_sources.virtual_modification import costs as virtual_modification
from entropice.pipelines.image_sources.virtual_slumps import costs as virtual_slumps
from entropice.pipelines.inventory import costs as inventory
from entropice.pipelines.kinds.change import costs as change
from entropice.pipelines.kinds.frames import costs as frames
from entropice.pipelines.kinds.image_class import costs as image_class
from entropice.pipelines.kinds.mask import costs as mask
from entropice.pipelines.label_audit import costs as label_audit
from entropice.pipelines.labels import costs as labels
from entropice.pipelines.mapping import costs as mapping
from entropice.pipelines.modelling import costs as modelling
from entropice.pipelines.outlook import costs as outlook
from entropice.pipelines.reporting import costs as reporting
from entropice.pipelines.samples import costs as samples
from entropice.pipelines.step_cost import StepCost
from entropice.pipelines.two_stage import costs as two_stage
from entropice.pipelines.virtual_arctic import costs as virtual_arctic

COSTS: Final[tuple[StepCost, ...]] = tuple(
    cost
    for module in (
        apply,
        audit,
        cell_fields,
        change,
        comparison,
        download,
        exporting,
        features,
        frames,
        given_images,
        grids,
        image_class,
        image_report,
        inventory,
        label_audit,
        labels,
        mapping,
        mask,
        modelling,
        outlook,
        reporting,
        samples,
        two_stage,
        virtual_arctic,
        virtual_ice,
        virtual_lakes,
        virtual_modification,
        virtual_slumps,
    )
    for cost in module.COSTS
)
"""One entry a module ``costs``."""

NOT_DECLARED: Final = StepCost((), why_unknown="no cost is declared")


def cost_of(step: Callable[..., Any]) -> StepCost:
    """What is declared of a node's function: the first entry of `COSTS` that names it, or `NOT_DECLARED`.

    Functions are compared as they are: one that wraps a node's function has no cost of its own.
    """
    return next((cost for cost in COSTS if step in cost.steps), NOT_DECLARED)

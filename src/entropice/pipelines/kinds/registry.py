"""All kinds of answers, one entry each."""

from typing import Final

from entropice.pipelines.kinds.declaration import Kind
from entropice.pipelines.kinds.mask.declaration import MASK

KINDS: Final[tuple[Kind, ...]] = (MASK,)

"""All kinds of answers, one entry each."""

from typing import Final

from entropice.pipelines.kinds.change.declaration import CHANGE
from entropice.pipelines.kinds.declaration import Kind
from entropice.pipelines.kinds.frames.declaration import FRAMES
from entropice.pipelines.kinds.image_class.declaration import IMAGE_CLASS
from entropice.pipelines.kinds.mask.declaration import MASK

KINDS: Final[tuple[Kind, ...]] = (MASK, IMAGE_CLASS, CHANGE, FRAMES)

"""Uploaded pictures as networks see them: red, green and blue of 8 bits, or a refusal that says what they are."""

import io
import warnings
from dataclasses import dataclass
from typing import Final

import numpy as np
from PIL import Image as Pillow
from PIL import UnidentifiedImageError

from entropice.imagery.bands import RGB
from entropice.imagery.samples import Image
from entropice.serve.limits import Limits
from entropice.serve.refusals import Refusal
from entropice.sources.imagery.products import TRUE_COLOUR

FORMATS: Final = ("PNG", "JPEG", "TIFF", "WEBP", "BMP")
MODES: Final = ("RGB", "RGBA")
MIN_EDGE_PX: Final = 8
_EXPECTED: Final = f"a whole picture ({', '.join(FORMATS)}) in red, green and blue of 8 bits"


@dataclass(frozen=True)
class Upload:
    """A picture that was sent.

    Attributes
    ----------
    image
        Values from 0 to 1, float32 (band, row, column); pixels that the picture makes transparent are not known.
    n_pixels
        Width and height as they were sent.
    """

    image: Image
    n_pixels: tuple[int, int]

    @property
    def is_resampled(self) -> bool:
        """Whether the network sees other pixels than were sent: True where the sizes (width, height) differ."""
        height, width = self.image.values.shape[1:]
        return (width, height) != self.n_pixels


def picture_of(content: bytes, edge_px: int, limits: Limits) -> Upload:
    """The square of `edge_px` pixels that a network gets to see of a file.

    A picture of another size is cut to the square in its middle and resampled (Lanczos) to that edge: its pixels then
    cover other ground than those which the network has learned from, which nobody can tell from a file.

    `content` is the file as it was sent, PNG, JPEG, TIFF, WEBP or BMP (`FORMATS`); of an animated or paged one the
    first picture counts. Values are v/255, float32 (band, row, column), as the run's own images are read; a transparent
    pixel (alpha 0) is 0 and not known. Edges have at least 8 pixels, and as many pixels as `Limits.max_pixels` still
    pass. Looked at are, in this order: format, numbers of pixels, colours, and whether it can be decoded.

    Raises
    ------
    Refusal
        413: it has too many pixels. 415: it is no picture in a known format, or of other colours or depth than 8-bit
        red, green and blue. 422: it is empty, cut off, damaged, transparent everywhere or has too few pixels.
    """
    if not content:
        raise _refusal(422, "The image is empty.", "0 bytes")
    with warnings.catch_warnings():
        # Pillow warns of large and odd files that are refused, or read, in any case
        warnings.simplefilter("ignore")
        opened = _opened(content)
        _require_size(opened, limits)
        _require_colours(opened)
        whole = _decoded(opened)
    return Upload(_as_image(_square(whole, edge_px)), opened.size)


def _opened(content: bytes) -> Pillow.Image:
    try:
        return Pillow.open(io.BytesIO(content), formats=FORMATS)
    except UnidentifiedImageError as error:
        raise _refusal(415, "The file is no image that is read here.", f"{len(content)} bytes of something") from error
    except Pillow.DecompressionBombError as error:
        raise _refusal(413, "The image has too many pixels.", "more than any limit") from error
    except (OSError, ValueError, SyntaxError, EOFError, KeyError, TypeError, OverflowError) as error:
        # which of these a damaged header raises is up to its format's reader
        raise _refusal(422, "The image is damaged.", type(error).__name__) from error


def _require_size(picture: Pillow.Image, limits: Limits) -> None:
    width, height = picture.size
    if width * height > limits.max_pixels:
        raise _refusal(
            413, "The image has too many pixels.", f"{width} × {height}", f"at most {limits.max_pixels} pixels"
        )
    if min(width, height) < MIN_EDGE_PX:
        raise _refusal(
            422, "The image has too few pixels.", f"{width} × {height}", f"{MIN_EDGE_PX} × {MIN_EDGE_PX} or more"
        )


def _require_colours(picture: Pillow.Image) -> None:
    bits = _bits(picture)
    if picture.mode not in MODES or bits > 8:
        raise _refusal(415, "The image has other colours than are read here.", f"{picture.mode}, {bits} bits a band")


def _bits(picture: Pillow.Image) -> int:
    """Bits of a band; of a PNG and a TIFF as the header says, for Pillow reads some of 16 bits as if they had 8.

    A PNG's are in how its rows are laid out, such as ``RGB;16B``; sizes stand beside it, and may hold a 16, too.
    """
    if picture.format == "TIFF":
        stated = getattr(picture, "tag_v2", {}).get(258, (8,))
        return int(max(stated if isinstance(stated, tuple) else (stated,)))
    if picture.format == "PNG":
        return 16 if any(";16" in str(layout) for _, _, _, layout in getattr(picture, "tile", ())) else 8
    return 16 if picture.mode.startswith("I;16") else 8


def _decoded(picture: Pillow.Image) -> Pillow.Image:
    try:
        picture.load()
    except Pillow.DecompressionBombError as error:
        raise _refusal(413, "The image has too many pixels.", "more than any limit") from error
    except (OSError, ValueError, SyntaxError, EOFError, KeyError, TypeError, OverflowError, IndexError) as error:
        raise _refusal(422, "The image is cut off or damaged.", f"{picture.format}, {type(error).__name__}") from error
    return picture


def _square(picture: Pillow.Image, edge_px: int) -> Pillow.Image:
    """The middle, as large as it can be, with the edge that is wanted; itself where it has it."""
    width, height = picture.size
    if (width, height) == (edge_px, edge_px):
        return picture
    side = min(width, height)
    left, top = (width - side) / 2, (height - side) / 2
    return picture.resize((edge_px, edge_px), Pillow.Resampling.LANCZOS, (left, top, left + side, top + side))


def _as_image(picture: Pillow.Image) -> Image:
    stored = np.moveaxis(np.asarray(picture), -1, 0)
    colours, is_shown = stored[: len(RGB)], (stored[len(RGB) :] > 0).all(axis=0)
    # as `sources.imagery.reading` does it, so that the bits are the same
    values = (colours.astype(np.float64) * TRUE_COLOUR.scale + TRUE_COLOUR.offset).astype(np.float32)
    valid = np.broadcast_to(is_shown, values.shape)
    if not is_shown.any():
        raise _refusal(422, "The image is transparent everywhere.", "no pixel that is known")
    return Image(RGB, np.where(valid, values, np.float32(0)), valid)


def _refusal(status: int, what: str, got: str, expected: str = _EXPECTED) -> Refusal:
    return Refusal(
        status,
        what,
        field="image",
        got=got,
        expected=expected,
        fix="send another file, or convert it: convert IN -colorspace sRGB -depth 8 OUT.png",
    )

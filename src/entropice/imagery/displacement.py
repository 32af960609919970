"""Where each pixel of a varied sample comes from."""

import numpy as np
from scipy.ndimage import gaussian_filter, map_coordinates

from entropice.imagery.augmentation_rules import AugmentationRules
from entropice.imagery.samples import Image, Sample, Target
from entropice.types import FloatArray


def drawn_sources(shape: tuple[int, int], rules: AugmentationRules, random: np.random.Generator) -> FloatArray | None:
    """Shift, scaling, rotation, shear and elastic deformation composed into one; None where none was drawn.

    Parameters
    ----------
    shape
        Rows and columns.

    Returns
    -------
    FloatArray
        Row and column that each pixel's value is taken from; shape (2, row, column), in pixels from the middle of the
        first, also outside the image.

    Notes
    -----
    With the centre c, the shift t, A = scale · rotation · shear and the elastic displacement u, pixel p comes from
    c + A⁻¹ (p − c − t) + u(p). u is uniform noise in [−α, α] smoothed with a Gaussian (Simard et al. 2003,
    doi:10.1109/ICDAR.2003.1227801) of ``elastic_sigma_px``, α ``elastic_alpha_px``. All on (row, column), t uniform
    within ±``max_shift`` of rows and of columns, the scale within 1 ± ``max_scale``, the rotation [[cos φ, −sin φ],
    [sin φ, cos φ]] by φ within ±``max_rotation_deg``, the shear [[1, tan β], [tan γ, 1]] of two angles within
    ±``max_shear_deg``. Shift, scale and rotation are drawn together, at ``affine_probability``.

    Examples
    --------
    A shift alone is the same for all pixels, a quarter of the edge at most:

    >>> off = {**dict.fromkeys(AugmentationRules.model_fields, 0.0), "elastic_sigma_px": 1.0}
    >>> drawn_sources((8, 8), AugmentationRules(**off), np.random.default_rng(0)) is None
    True
    >>> rules = AugmentationRules(**{**off, "affine_probability": 1.0, "max_shift": 0.25})
    >>> moved_px = np.indices((8, 8)) - drawn_sources((8, 8), rules, np.random.default_rng(0))
    >>> bool(np.allclose(moved_px, moved_px[:, :1, :1])), bool(np.abs(moved_px).max() <= 2)
    (True, True)
    """
    probabilities = (rules.affine_probability, rules.shear_probability, rules.elastic_probability)
    is_affine, is_sheared, is_elastic = random.uniform(size=3) < probabilities
    if not (is_affine or is_sheared or is_elastic):
        return None
    shift_px, rotation = _drawn_affine(shape, rules, random) if is_affine else (np.zeros(2), np.eye(2))
    shear = _drawn_shear(rules, random) if is_sheared else np.eye(2)
    elastic_px = _drawn_elastic(shape, rules, random) if is_elastic else 0.0
    centre_px = (np.array(shape)[:, None, None] - 1) / 2
    # Backwards, from where a pixel is to where it comes from: forwards, pixels of the result would stay empty.
    offsets_px = np.indices(shape) - centre_px - shift_px[:, None, None]
    sources_px: FloatArray = centre_px + np.tensordot(np.linalg.inv(rotation @ shear), offsets_px, axes=1) + elastic_px
    return sources_px


def displaced(sample: Sample, sources_px: FloatArray) -> Sample:
    """The sample with its pixels from elsewhere.

    Values are interpolated linearly, and valid where all four pixels around their source are, also one without a weight
    in the mean; targets and what is scored are those of the nearest pixel. What comes from outside is neither valid nor
    scored, its values and targets 0. Targets without rows and columns are left as they are.

    Parameters
    ----------
    sources_px
        (2, row, column): row and column that each pixel comes from, as `drawn_sources` gives them.

    Examples
    --------
    Each pixel from 0.6 pixels further to the right; the last one comes from outside.

    >>> from entropice.imagery.samples import Place
    >>> image = Image(("red",), np.array([[[1.0, 2.0, 4.0]]], np.float32), np.ones((1, 1, 3), bool))
    >>> mask = np.array([[0, 1, 2]], np.uint8)
    >>> sample = Sample("a", image, mask, mask >= 0, Place(0.0, 0.0, 10.0, 3, 2020))
    >>> moved = displaced(sample, np.indices((1, 3)) + np.array([0.0, 0.6])[:, None, None])
    >>> moved.image.values.round(4).astype(float).round(4).tolist(), moved.image.valid.tolist()
    ([[[1.6, 3.2, 0.0]]], [[[True, True, False]]])
    >>> moved.target.tolist(), moved.scored.tolist()
    ([[1, 2, 0]], [[True, True, False]])
    """
    values = _planes(np.where(sample.image.valid, sample.image.values, np.float32(np.nan)), sources_px, 1, np.nan)
    valid = np.isfinite(values)
    image = Image(sample.image.bands, np.where(valid, values, np.float32(0.0)), valid)
    if sample.target.ndim < 2:
        return Sample(sample.key, image, sample.target, sample.scored, sample.place)
    target = _planes(sample.target, sources_px, 0, 0)
    scored = _planes(sample.scored.astype(np.uint8), sources_px, 0, 0).astype(bool)
    return Sample(sample.key, image, target, scored, sample.place)


def _planes(values: Target, sources_px: FloatArray, order: int, outside: float) -> Target:
    """Each plane of the last two dimensions displaced.

    A NaN reaches every pixel that it is a neighbour of, so that no value is mixed with one that is not known.
    """
    planes = values.reshape(-1, *values.shape[-2:])
    moved = [map_coordinates(plane, sources_px, order=order, cval=outside) for plane in planes]
    return np.stack(moved).reshape(values.shape)


def _drawn_affine(
    shape: tuple[int, int], rules: AugmentationRules, random: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """Shift in pixels, and scaled rotation of (row, column)."""
    shift_px = random.uniform(-rules.max_shift, rules.max_shift, size=2) * np.array(shape)
    scale = 1 + random.uniform(-rules.max_scale, rules.max_scale)
    angle = np.radians(random.uniform(-rules.max_rotation_deg, rules.max_rotation_deg))
    cosine, sine = np.cos(angle), np.sin(angle)
    return shift_px, scale * np.array([[cosine, -sine], [sine, cosine]])


def _drawn_shear(rules: AugmentationRules, random: np.random.Generator) -> FloatArray:
    rows, columns = np.tan(np.radians(random.uniform(-rules.max_shear_deg, rules.max_shear_deg, size=2)))
    return np.array([[1.0, rows], [columns, 1.0]])


def _drawn_elastic(shape: tuple[int, int], rules: AugmentationRules, random: np.random.Generator) -> FloatArray:
    noise = random.uniform(-1, 1, size=(2, *shape))
    smooth: FloatArray = gaussian_filter(noise, rules.elastic_sigma_px, axes=(1, 2))
    return rules.elastic_alpha_px * smooth

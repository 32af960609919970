"""Samples varied as if they had been seen otherwise: a pure function of seed, epoch and key.

All that moves pixels is one transformation, and every array is sampled once. Where a pixel would come from beyond the
image, or from one that is not known, it is not valid and does not count: nothing is mirrored in, nothing made up.
"""

from dataclasses import replace
from typing import Any, Final, TypeVar, cast

import numpy as np
from scipy.ndimage import gaussian_filter, map_coordinates

from entropice.imagery.augmentation_rules import AugmentationRules
from entropice.imagery.samples import Image, Sample
from entropice.types import BoolArray, Float32Array, FloatArray

Layers = TypeVar("Layers", bound=np.ndarray[Any, Any])
"""An array (…, row, column)."""

RGB: Final = ("red", "green", "blue")
LUMINANCE: Final = np.array([0.299, 0.587, 0.114], dtype=np.float32)
"""Weights of red, green and blue in a grey image (Recommendation ITU-R BT.601)."""

_WHOLE: Final = 0.999
"""A pixel is known where all that it is interpolated from is."""


def augmented(sample: Sample, rules: AugmentationRules, seed: int, epoch: int) -> Sample:
    """The sample as it is learned from in an epoch.

    Turns and flips move whole pixels; shift, scale, rotation, shear and elastic noise are one displacement, in which
    images are interpolated linearly and targets take the nearest pixel. Only a target that has the image's rows and
    columns moves. Light changes red, green and blue alone.
    """
    random = np.random.default_rng([seed, epoch, *sample.key.encode()])
    n_turns, flips = _drawn_symmetry(random, rules)
    places_px = _drawn_places(random, rules, sample.place.n_pixels)
    light = _drawn_light(random, rules)
    image = sample.image
    values, valid = _symmetric(image.values, n_turns, flips), _symmetric(image.valid, n_turns, flips)
    target, scored = sample.target, sample.scored
    is_spatial = target.shape[-2:] == image.values.shape[-2:]
    if is_spatial:
        target, scored = _symmetric(target, n_turns, flips), _symmetric(scored, n_turns, flips)
    if places_px is not None:
        values, valid = _resampled(values, valid, places_px)
        if is_spatial:
            target, scored = _nearest(target, places_px), _nearest(scored, places_px)
    varied = _in_light(Image(image.bands, values, valid), light)
    return replace(sample, image=varied, target=target, scored=scored)


def _drawn_symmetry(random: np.random.Generator, rules: AugmentationRules) -> tuple[int, tuple[int, ...]]:
    """Quarter turns, and the axes to flip."""
    n_turns = int(random.integers(1, 4)) if random.uniform() < rules.turn_chance else 0
    return n_turns, tuple(axis for axis in (-2, -1) if random.uniform() < rules.flip_chance)


def _drawn_places(random: np.random.Generator, rules: AugmentationRules, n_pixels: int) -> FloatArray | None:
    """Row and column (2, row, column) that each pixel comes from; None where all stay."""
    affine, is_moved = _drawn_affine(random, rules)
    shift_px = random.uniform(-rules.max_shift, rules.max_shift, size=2) * n_pixels * is_moved
    is_elastic = random.uniform() < rules.elastic_chance
    noise = _elastic(random, rules, n_pixels) if is_elastic else None
    if noise is None and np.array_equal(affine, np.eye(2)) and not shift_px.any():
        return None
    middle = (n_pixels - 1) / 2
    own = np.stack(np.meshgrid(*[np.arange(n_pixels) - middle] * 2, indexing="ij"))
    places: FloatArray = np.einsum("ij,jrc->irc", affine, own) + (middle + shift_px)[:, None, None]
    return places if noise is None else places + noise


def _drawn_affine(random: np.random.Generator, rules: AugmentationRules) -> tuple[FloatArray, bool]:
    """Matrix from a pixel's place to where it comes from, about the middle; and whether the image is shifted."""
    is_moved = bool(random.uniform() < rules.affine_chance)
    scale, turn_deg = (
        random.uniform(-1, 1, size=2) * (rules.max_scale, rules.max_rotation_deg) if is_moved else (0.0, 0.0)
    )
    is_sheared = random.uniform() < rules.shear_chance
    shear_deg = random.uniform(-1, 1) * rules.max_shear_deg if is_sheared else 0.0
    cosine, sine = np.cos(np.radians(turn_deg)), np.sin(np.radians(turn_deg))
    rotation = np.array([[cosine, -sine], [sine, cosine]])
    shear = np.array([[1.0, np.tan(np.radians(shear_deg))], [0.0, 1.0]])
    return rotation @ shear / (1 + scale), is_moved


def _elastic(random: np.random.Generator, rules: AugmentationRules, n_pixels: int) -> FloatArray:
    """Smoothed noise (2, row, column), in pixels (Simard et al. 2003, doi:10.1109/ICDAR.2003.1227801)."""
    noise = random.uniform(-1, 1, size=(2, n_pixels, n_pixels))
    moved: FloatArray = rules.elastic_alpha * gaussian_filter(
        noise, (0, rules.elastic_sigma, rules.elastic_sigma), mode="constant"
    )
    return moved


def _drawn_light(random: np.random.Generator, rules: AugmentationRules) -> FloatArray:
    """Factors of brightness, contrast and saturation; 1 where nothing changes."""
    changes = random.uniform(-rules.max_light, rules.max_light, size=3)
    return np.where(random.uniform(size=3) < rules.light_chance, 1 + changes, 1.0)


def _symmetric(array: Layers, n_turns: int, flips: tuple[int, ...]) -> Layers:
    return cast(Layers, np.ascontiguousarray(np.flip(np.rot90(array, n_turns, axes=(-2, -1)), flips)))


def _resampled(values: Float32Array, valid: BoolArray, places_px: FloatArray) -> tuple[Float32Array, BoolArray]:
    """Linear interpolation among known pixels alone; 0 and not valid elsewhere."""
    weight = _each_layer(valid.astype(np.float32), places_px, order=1)
    total = _each_layer(np.where(valid, values, np.float32(0)), places_px, order=1)
    is_known = weight >= _WHOLE
    return np.where(is_known, total / np.where(is_known, weight, 1), np.float32(0)).astype(np.float32), is_known


def _nearest(array: Layers, places_px: FloatArray) -> Layers:
    return cast(Layers, _each_layer(array.astype(np.float32), places_px, order=0).astype(array.dtype))


def _each_layer(array: Float32Array, places_px: FloatArray, order: int) -> Float32Array:
    """Every (row, column) layer sampled at the places; 0 beyond the edges."""
    layers = array.reshape(-1, *array.shape[-2:])
    sampled = [map_coordinates(layer, places_px, order=order, mode="constant", cval=0.0) for layer in layers]
    return np.stack(sampled).reshape(array.shape)


def _in_light(image: Image, light: FloatArray) -> Image:
    """Brightness multiplies, contrast spreads about the mean, saturation spreads about grey (as torchvision's)."""
    if not set(RGB) <= set(image.bands) or np.array_equal(light, np.ones(3)):
        return image
    brightness, contrast, saturation = light.astype(np.float32)
    places = [image.bands.index(name) for name in RGB]
    rgb, valid = image.values[..., places, :, :], image.valid[..., places, :, :]
    rgb = rgb * brightness
    grey = np.tensordot(LUMINANCE, rgb, axes=([0], [rgb.ndim - 3]))
    mean = grey.mean(where=valid.all(axis=-3)) if valid.all(axis=-3).any() else np.float32(0)
    rgb = mean + contrast * (rgb - mean)
    grey = np.tensordot(LUMINANCE, rgb, axes=([0], [rgb.ndim - 3]))[..., None, :, :]
    rgb = grey + saturation * (rgb - grey)
    values = image.values.copy()
    values[..., places, :, :] = np.where(valid, rgb, np.float32(0))
    return Image(image.bands, values, image.valid)

"""Matching of objects against brute force, cases drawn by hand, and the laws of the stated matching."""

import itertools

import numpy as np
import pytest

from entropice.errors import SchemaError
from entropice.imagery.objects import (
    MIN_IOUS,
    ObjectCounts,
    at_ratio,
    count,
    f_one,
    find_objects,
    is_found,
    is_right,
    match,
    mean_logits,
    overlap_of,
    precision,
    recall,
)


def mask_of(drawing):
    return np.array([[character == "#" for character in line] for line in drawing.split()])


def counted(predicted, true, min_iou=0.1, is_scored=None, min_pixels=1):
    is_scored = np.ones(predicted.shape, dtype=bool) if is_scored is None else is_scored
    return count(overlap_of(predicted, true, is_scored, min_pixels), min_iou)


def random_masks(seed):
    random = np.random.default_rng([seed, 41])
    shape = random.integers(1, 10, 2)
    density = random.uniform(0.1, 0.6)
    true = random.random(shape) < density
    predicted = np.where(random.random(shape) < 0.6, true, random.random(shape) < density)
    return predicted, true, random.random(shape) < random.choice([1.0, 0.8])


def flood(mask):
    """Objects as sets of pixels, by visiting neighbours."""
    left, found = {tuple(map(int, place)) for place in np.argwhere(mask)}, []
    while left:
        front, seen = [min(left)], set()
        while front:
            row, column = front.pop()
            if (row, column) in left:
                left.remove((row, column))
                seen.add((row, column))
                front += [(row + i, column + j) for i in (-1, 0, 1) for j in (-1, 0, 1)]
        found.append(seen)
    return found


def best_matching(edges):
    """Most pairs, then the largest sum of IoU, by trying all ways."""
    if not edges:
        return 0, 0.0
    (p, t, iou), *rest = edges
    with_it = best_matching([edge for edge in rest if edge[0] != p and edge[1] != t])
    return max(best_matching(rest), (with_it[0] + 1, with_it[1] + iou))


def brute_force(predicted, true, is_scored, min_pixels, min_iou):
    scored = {tuple(map(int, place)) for place in np.argwhere(is_scored)}
    ours, theirs = ([each for each in flood(mask) if len(each) >= min_pixels] for mask in (predicted, true))
    edges = [
        (i, j, len(p & t & scored) / len((p | t) & scored))
        for (i, p), (j, t) in itertools.product(enumerate(ours), enumerate(theirs))
        if p & t & scored and len(p & t & scored) / len((p | t) & scored) >= min_iou
    ]
    return best_matching(edges), ours, theirs


@pytest.mark.parametrize("part", range(4))
def test_objects_equal_brute_force_on_random_masks(part):
    """1,000 cases in all."""
    for seed in range(250 * part, 250 * (part + 1)):
        predicted, true, is_scored = random_masks(seed)
        min_pixels, min_iou = 1 + seed % 3, MIN_IOUS[seed % len(MIN_IOUS)]
        overlap = overlap_of(predicted, true, is_scored, min_pixels)
        matched = match(overlap, min_iou)
        (n, total), ours, theirs = brute_force(predicted, true, is_scored, min_pixels, min_iou)
        iou = {tuple(pair): value for pair, value in zip(overlap.pairs.tolist(), overlap.iou, strict=True)}
        assert len(matched) == n
        assert sum(iou[tuple(pair)] for pair in matched.tolist()) == pytest.approx(total)
        assert len(overlap.predicted.n_pixels) == len(ours)
        assert len(overlap.true.n_pixels) == len(theirs)
        if is_scored.all():
            assert count(overlap, min_iou) == ObjectCounts(n, len(ours) - n, len(theirs) - n)


@pytest.mark.parametrize("seed", range(60))
def test_exchanging_the_masks_exchanges_wrong_and_missed(seed):
    predicted, true, is_scored = random_masks(seed)
    for min_iou in MIN_IOUS:
        there, back = (counted(*pair, min_iou, is_scored) for pair in ((predicted, true), (true, predicted)))
        assert (there.found, there.wrong, there.missed) == (back.found, back.missed, back.wrong)


def test_one_prediction_over_three_truths_finds_one_and_misses_two():
    assert counted(mask_of("#######"), mask_of("##.##.#")) == ObjectCounts(1, 0, 2)


def test_three_predictions_over_one_truth_find_one_and_two_are_wrong():
    assert counted(mask_of("##.##.#"), mask_of("#######")) == ObjectCounts(1, 2, 0)


def test_a_pair_more_is_worth_more_than_a_better_pair():
    """The long prediction overlaps both truths; matching it with its best would leave the short one alone."""
    predicted, true = mask_of("####.#"), mask_of(".##.##")
    overlap = overlap_of(predicted, true, np.ones(predicted.shape, dtype=bool))
    assert counted(predicted, true).found == 2
    assert match(overlap, 0.1).tolist() == [[0, 0], [1, 1]]


def test_corners_join_objects():
    assert len(find_objects(mask_of("#. .#"), np.ones((2, 2), dtype=bool)).n_pixels) == 1


@pytest.mark.parametrize(("min_iou", "found"), [(0.5, 1), (0.51, 0), (0.1, 1)])
def test_the_bound_itself_is_enough(min_iou, found):
    assert counted(mask_of("##.."), mask_of("####"), min_iou).found == found


def test_small_objects_are_none_on_both_sides():
    assert counted(mask_of("##..#"), mask_of("#...."), min_pixels=2) == ObjectCounts(0, 1, 0)


def test_pixels_without_truth_are_in_neither_intersection_nor_union():
    predicted, true, unknown = mask_of("####...#"), mask_of("##......"), mask_of("..##....")
    overlap = overlap_of(predicted, true, ~unknown)
    assert overlap.iou.tolist() == [1.0]
    assert count(overlap, 0.5) == ObjectCounts(1, 1, 0)


def test_what_lies_mostly_where_nothing_is_known_is_neither_wrong_nor_missed():
    unknown = mask_of("..##....")
    assert counted(mask_of(".###...."), mask_of("........"), is_scored=~unknown) == ObjectCounts(0, 0, 0)
    assert counted(mask_of("........"), mask_of(".###...."), is_scored=~unknown) == ObjectCounts(0, 0, 0)
    assert counted(mask_of("####...."), mask_of("........"), is_scored=~unknown) == ObjectCounts(0, 1, 0)


def test_scores_of_objects_by_hand():
    counts = np.array([[6.0, 2.0, 4.0], [0.0, 0.0, 3.0]])
    np.testing.assert_allclose(precision(counts), [0.75, np.nan])
    np.testing.assert_allclose(recall(counts), [0.6, 0.0])
    np.testing.assert_allclose(f_one(counts), [12 / 18, 0.0])
    assert ObjectCounts(1, 2, 3).array.tolist() == [1, 2, 3]


def test_wrong_objects_weigh_as_the_negative_pixels_they_lie_on():
    """100 positive and 1,000 negative pixels at 1 : 200: each wrong object stands for twenty."""
    weighted = at_ratio(
        np.array([[6.0, 2.0, 4.0], [1.0, 0.0, 0.0]]), np.array([1000.0, 0.0]), np.array([100.0, 5.0]), 200
    )
    np.testing.assert_array_equal(weighted, [[6, 40, 4], [1, np.nan, 0]])
    assert precision(weighted)[0] == pytest.approx(6 / 46)
    assert recall(weighted)[0] == 0.6


@pytest.mark.parametrize("ratio", [1, 7, 200])
def test_a_ratio_is_that_of_repeated_negative_ground(ratio):
    """A tile that is all positive, and one as large that is all negative, repeated."""
    positive, negative = (mask_of("########"), mask_of("########")), (mask_of("#...##.."), mask_of("........"))
    once, often = (
        np.sum([counted(*tile).array for tile in (positive, *[negative] * n)], axis=0).astype(float) for n in (1, ratio)
    )
    np.testing.assert_array_equal(at_ratio(once, np.array(8.0), np.array(8.0), ratio), often)


def test_objects_know_whether_they_are_right_and_their_mean_logit():
    predicted, true = mask_of("##.#..#"), mask_of("##....#")
    overlap = overlap_of(predicted, true, np.ones(predicted.shape, dtype=bool))
    assert is_right(overlap, 0.5).tolist() == [True, False, True]
    assert is_found(overlap, 0.5).tolist() == [True, True]
    logits = np.array([[1.0, 2.0, np.nan, 4.0, np.nan, np.nan, -1.0]], dtype=np.float32)
    assert mean_logits(logits, overlap.predicted).tolist() == [1.5, 4.0, -1.0]


def test_empty_masks_have_no_objects():
    nothing = np.zeros((4, 5), dtype=bool)
    assert counted(nothing, nothing) == ObjectCounts(0, 0, 0)
    assert is_found(overlap_of(nothing, ~nothing, ~nothing), 0.1).tolist() == [False]


def test_ten_thousand_objects_in_a_large_scene_are_matched():
    random = np.random.default_rng(0)
    true, predicted = np.zeros((4096, 4096), dtype=bool), np.zeros((4096, 4096), dtype=bool)
    for row, column in itertools.product(range(0, 4096, 41), repeat=2):
        height, width = random.integers(4, 35, 2)
        true[row : row + height, column : column + width] = True
        shift_y, shift_x = random.integers(0, 5, 2)
        predicted[row + shift_y : row + height, column + shift_x : column + width + shift_x] = True
    is_scored = np.ones(true.shape, dtype=bool)
    overlap = overlap_of(predicted, true, is_scored)
    counts = count(overlap, 0.3)
    assert len(overlap.true.n_pixels) == 100**2
    assert counts.found > 6000


def test_other_shapes_are_refused():
    with pytest.raises(SchemaError, match="shape"):
        overlap_of(np.zeros((2, 2), dtype=bool), np.zeros((2, 3), dtype=bool), np.ones((2, 2), dtype=bool))

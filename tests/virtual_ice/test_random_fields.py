import numpy as np

from entropice.virtual_ice.random_fields import along_contours, gaussian_fields, generator


def test_fields_have_mean_0_variance_1_and_the_correlation_that_is_stated() -> None:
    fields = gaussian_fields(generator(1, "fields"), 400, 40, 4.0)
    assert abs(fields.mean()) < 0.06
    assert abs(fields.var() - 1) < 0.05
    correlation = np.mean(fields[:, :, 6:] * fields[:, :, :-6])
    assert abs(correlation - np.exp(-36 / (4 * 4.0**2))) < 0.05


def test_opposite_edges_are_not_alike() -> None:
    fields = gaussian_fields(generator(2, "fields"), 400, 30, 3.0)
    assert abs(np.mean(fields[:, 0] * fields[:, -1])) < 0.1


def test_flow_keeps_the_high_to_its_right_and_has_speed_1() -> None:
    high_in_the_south = np.repeat(np.arange(5.0)[:, None], 5, axis=1)
    eastward, northward = along_contours(high_in_the_south, 1.0)
    assert np.all(eastward == 1)
    assert np.all(northward == 0)
    flow = along_contours(gaussian_fields(generator(3, "fields"), 200, 40, 5.0), 5.0)
    assert abs(np.sqrt(np.mean(np.sum(flow**2, axis=0))) - 1) < 0.05


def test_streams_are_functions_of_their_names() -> None:
    assert generator(1, "a", 2, 3).random() == generator(1, "a", 2, 3).random()
    assert len({generator(*names).random() for names in ((1, "a", 2), (1, "b", 2), (2, "a", 2), (1, "a", 3))}) == 4

import threading
from functools import partial

import pytest

from entropice.raster.read_ahead import read_ahead


def test_parts_come_in_order_and_one_is_read_ahead():
    begun = {number: threading.Event() for number in range(4)}

    def read(number):
        begun[number].set()
        return number

    seen = []
    for part in read_ahead([partial(read, number) for number in range(4)]):
        seen.append(part)
        if part < 3:
            assert begun[part + 1].wait(5), "the next one is on its way"
        assert not any(begun[later].is_set() for later in range(part + 2, 4)), "and no other"
    assert seen == [0, 1, 2, 3]


def test_a_single_read_starts_no_thread():
    (reader,) = read_ahead([threading.current_thread])

    assert reader is threading.current_thread()


def test_an_error_comes_where_its_part_would():
    def fails():
        raise OSError("torn")

    parts = read_ahead([lambda: "whole", fails])

    assert next(parts) == "whole"
    with pytest.raises(OSError, match="torn"):
        next(parts)

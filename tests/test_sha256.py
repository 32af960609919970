import json
from pathlib import Path

import pytest

from entropice.sha256 import sha256_of, sha256_of_bytes, sha256_of_value

SHA256_OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
"""The first example of FIPS 180-4."""


def test_the_standard_example(tmp_path: Path) -> None:
    file = tmp_path / "abc"
    file.write_bytes(b"abc")

    assert sha256_of(file) == sha256_of_bytes(b"abc") == SHA256_OF_ABC


def test_order_of_keys_does_not_matter_and_values_do() -> None:
    assert sha256_of_value({"a": 1, "b": [2]}) == sha256_of_value(json.loads('{"b": [2], "a": 1}'))
    assert sha256_of_value({"a": 1}) != sha256_of_value({"a": 1.5})


def test_nan_has_no_digest() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        sha256_of_value(float("nan"))

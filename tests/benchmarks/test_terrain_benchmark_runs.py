"""The benchmark of terrain layers runs, on few pixels, and measures every layer."""

from benchmarks import terrain
from entropice.derive.terrain.layers import layer_names


def test_it_names_every_layer_with_and_without_unknown_pixels(capsys):
    terrain.main(["--block-px", "64", "--repeats", "1"])

    printed = capsys.readouterr().out
    for name in layer_names(terrain.RADII_M):
        assert printed.count(f"| {name} |") == 2
    assert printed.count("A block of 64² pixels, reduced to cells") == 2

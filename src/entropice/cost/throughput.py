"""How fast one worker is, measured; the only numbers of a planned cost that depend on the machine."""

from typing import Final

VALUES_PER_S: Final = {"terrain": 3e6, "embeddings": 1.3e8}
"""Values that one worker reads and reduces in a second of processor time, by feature group.

Terrain: blocks of 1024² and 2048² pixels of 32 m with radii of 1, 3 and 10 km, H3 level 6: 4.3 and 2.4 million, with
the halo. Embeddings: a deflated file of 1024² pixels × 64 bands: 120 to 138 million, decoding included.
"""

"""Parameters of the virtual Arctic."""

from entropice.virtual_arctic.specification import WorldSpecification


class VirtualArcticParameters(WorldSpecification):
    """The content of ``virtual_arctic`` in ``parameters.yml``: the world to make."""

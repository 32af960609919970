"""Land of Natural Earth."""

from entropice.pipelines.download.files import plan_files
from entropice.pipelines.download.parameters import FilesParameters
from entropice.pipelines.sources.declaration import Download, Licence, Source, VirtualFile
from entropice.pipelines.sources.natural_earth import nodes

NATURAL_EARTH = Source(
    "natural_earth",
    licence=Licence(
        "Natural Earth", "public domain", "Land: Natural Earth.", "naturalearthdata.com/about/terms-of-use"
    ),
    download=Download("land", FilesParameters, plan_files, is_regional=False),
    virtual_files=(VirtualFile(nodes.outline_land, ("world",), ("land_file",), has_parameters=False),),
)

"""How many pixels rasters have."""

from entropice.pipelines.sources.work import Extent, Work


def raster_work(extent: Extent) -> Work:
    """All pixels of the bands that are named, also those beside the cells; headers are read for it.

    What comes back is tiles, pixels in them, bytes of the files and bytes of memory for one tile. Tiles are as many
    squares of the configured edge as cover each raster, bytes those of the files on disk.

    Raises
    ------
    InputFileError, SchemaError
        A file that is not there or cannot be honoured.
    """
    from entropice.pipelines.sources.rasters.headers import read_band
    from entropice.pipelines.sources.rasters.planning import tile_bytes
    from entropice.pipelines.sources.rasters.reduction import Layer

    block_px, files = extent.parameters.block_px, extent.parameters.files
    layers = [Layer(read_band(extent.files, raster), raster) for raster in files]
    shapes = [layer.band.shape for layer in layers]
    return Work(
        sum(-(-n_rows // block_px) * -(-n_columns // block_px) for n_rows, n_columns in shapes),
        sum(n_rows * n_columns for n_rows, n_columns in shapes),
        sum(layer.band.path.stat().st_size for layer in layers),
        max(tile_bytes(layer, block_px**2, block_px) for layer in layers),
        "all pixels of the files",
    )

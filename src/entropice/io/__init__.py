"""Kedro datasets of the house: every write is atomic and checksummed, every read is verified."""

from entropice.io.applied_map import AppliedMapDataset
from entropice.io.arrays import Arrays, ArraysDataset
from entropice.io.audit import AuditedMapDataset, AuditResultDataset, AuditSampleDataset, FilledSheetDataset
from entropice.io.class_tiles import ClassTilesDataset
from entropice.io.comparison import ComparisonDataset, FinishedRunsDataset
from entropice.io.cube import CellCubeDataset, CubeDataset
from entropice.io.distances import DistancesDataset
from entropice.io.downloads import DownloadDataset
from entropice.io.image_tiles import ImageTilesDataset
from entropice.io.map_layers import MapLayersDataset
from entropice.io.mask_tiles import MaskTilesDataset
from entropice.io.model_of_run import ModelOfRunDataset
from entropice.io.networks import NetworkDataset, TrainedNetwork
from entropice.io.panels import PanelDataset
from entropice.io.provenance import ProvenanceDataset
from entropice.io.run_folder import ImageRunFolderDataset, PublishedFolderDataset, RunFolderDataset
from entropice.io.sources import (
    ClimateFieldsDataset,
    ClimateFileDataset,
    EmbeddingFilesDataset,
    RasterTilesDataset,
    VectorFileDataset,
)
from entropice.io.tables import GeoTableDataset, TableDataset
from entropice.io.text import HtmlDataset, JsonDataset, TextDataset
from entropice.io.tile_pairs import TilePairsDataset
from entropice.io.tile_results import TileResultsDataset

__all__ = [
    "AppliedMapDataset",
    "Arrays",
    "ArraysDataset",
    "AuditResultDataset",
    "AuditSampleDataset",
    "AuditedMapDataset",
    "CellCubeDataset",
    "ClassTilesDataset",
    "ClimateFieldsDataset",
    "ClimateFileDataset",
    "ComparisonDataset",
    "CubeDataset",
    "DistancesDataset",
    "DownloadDataset",
    "EmbeddingFilesDataset",
    "FilledSheetDataset",
    "FinishedRunsDataset",
    "GeoTableDataset",
    "HtmlDataset",
    "ImageRunFolderDataset",
    "ImageTilesDataset",
    "JsonDataset",
    "MapLayersDataset",
    "MaskTilesDataset",
    "ModelOfRunDataset",
    "NetworkDataset",
    "PanelDataset",
    "ProvenanceDataset",
    "PublishedFolderDataset",
    "RasterTilesDataset",
    "RunFolderDataset",
    "TableDataset",
    "TextDataset",
    "TilePairsDataset",
    "TileResultsDataset",
    "TrainedNetwork",
    "VectorFileDataset",
]

"""Nodes of the labels: foreign outlines and footprints in, one table of cells and years out."""

from typing import Any

from entropice.pipelines.sources.label_sources import label_source
from entropice.sources.periods import periods_of
from entropice.sources.slumps.columns import CoverageColumns
from entropice.types import DataFrame, GeoDataFrame


def normalise_rts(
    rts_file: GeoDataFrame,
    cells: GeoDataFrame,
    source: str,
    section: dict[str, Any],
    years: list[int],
    pooled_from: int | None,
    min_shared_area: float,
    max_identity_gap_m: float,
    max_outside_share: float,
) -> tuple[GeoDataFrame, DataFrame]:
    """Outlines, dissolved so that every slump is one row per label year; and what became of the file's rows.

    Parameters
    ----------
    rts_file
        The vector file as it was read, in any CRS, with the columns that the source's format names.
    cells
        Column ``geometry`` (EPSG:3413), a row a cell: slumps outside all of them are counted, not left out.
    source, section
        Name of the source of labels, and its section ``labels.<source>`` of the parameters as plain values.
    years, pooled_from
        Label years; an outline of any other year is left out. With `pooled_from` the one label year stands for all
        years from that one on.
    min_shared_area
        Of the smaller one's area: outlines of two years that share at least this much are one slump.
    max_identity_gap_m
        Outlines of one id of the file that are farther apart than this refuse the file: its ids name no slumps.
    max_outside_share
        Of the slumps, 0 to 1: a warning tells likely causes where more lie in no cell.

    Returns
    -------
    GeoDataFrame
        The dataset ``rts`` in EPSG:3413: ``rts_id`` int64, the same in all years of a slump, ``year`` int64,
        ``area_m2`` (true area; NaN of a point whose area is not known) and ``geometry``; one row a slump and label
        year.
    DataFrame
        The dataset ``rts_counts``: ``what n``, the file's rows by what became of them
        (`entropice.sources.slumps.outlines.ROW_STATUSES`), then slumps and label years, slumps, and slumps and label
        years whose representative point lies in no cell.

    Raises
    ------
    ValueError
        There is no source of that name.
    SchemaError
        A column is missing; years, ids, probabilities or classes that cannot be; outlines that are no polygons, do not
        fit their CRS, or whose ids name no slump. The error names the file.
    LabelError
        No row is an outline of a label year, or ranges of years are to label single years.
    """
    from entropice.sources.files.origin import errors_name_file_of
    from entropice.sources.slumps.outlines import normalise_outlines
    from entropice.sources.slumps.outside import count_slumps_outside

    declared, periods = label_source(source), periods_of(years, pooled_from)
    outline_format = declared.outline_format(declared.parameters.model_validate(section))
    with errors_name_file_of(rts_file):
        rts, counts = normalise_outlines(
            rts_file, outline_format, periods, min_shared_area, declared.title, max_identity_gap_m
        )
    return rts, count_slumps_outside(rts, counts, cells, max_outside_share)


def normalise_coverage(
    coverage_file: GeoDataFrame,
    cells: GeoDataFrame,
    columns: dict[str, Any],
    years: list[int],
    pooled_from: int | None,
) -> tuple[GeoDataFrame, DataFrame]:
    """Image footprints, dissolved to the ground that was seen for each label year; and their numbers.

    Parameters
    ----------
    coverage_file
        The vector file as it was read, polygons in any CRS; footprints may overlap.
    cells
        Column ``geometry`` (EPSG:3413), a row a cell: patches of ground that touch none are counted.
    columns
        Which columns hold years and what they mean: the section ``labels.coverage`` as plain values.
    years, pooled_from
        Label years; with `pooled_from` the one label year stands for all years from that one on, and ground that was
        seen in any of them counts as seen.

    Returns
    -------
    GeoDataFrame
        The dataset ``coverage``: ``year`` int64 and ``geometry``, a valid (multi)polygon in EPSG:3413; one row a label
        year, sorted.
    DataFrame
        The dataset ``coverage_counts``: ``what n``, footprints of the file and of each label year, and of each label
        year the patches that touch no cell.

    Raises
    ------
    SchemaError
        The column is missing or holds anything but years, a label year has no footprint, or footprints are no polygons
        or do not fit their CRS. The error names the file.
    LabelError
        Footprints that were seen in some year of several, or that have no year, are to label single years.
    """
    from entropice.sources.files.origin import errors_name_file_of
    from entropice.sources.slumps.footprints import normalise_coverage as normalise
    from entropice.sources.slumps.outside import count_ground_outside

    with errors_name_file_of(coverage_file):
        coverage, counts = normalise(
            coverage_file, CoverageColumns.model_validate(columns), periods_of(years, pooled_from)
        )
    return coverage, count_ground_outside(coverage, counts, cells)


def correct_coverage(
    coverage_file: GeoDataFrame,
    cells: GeoDataFrame,
    columns: dict[str, Any],
    years: list[int],
    pooled_from: int | None,
    rts_file: GeoDataFrame,
    source: str,
    section: dict[str, Any],
) -> tuple[GeoDataFrame, DataFrame]:
    """Footprints of each label year, where somebody is known or *assumed* to have searched.

    Ground marked as without slumps is added; cells that a slump without an outline of the label year touches are taken
    away, whole: their slump area is not known. A cell stays where such a slump has an outline of the label year as
    well. Where the source says how far people searched, footprints beyond that are cut off.

    Parameters
    ----------
    coverage_file, cells, columns, years, pooled_from
        As `normalise_coverage` takes them.
    rts_file
        The file of outlines as it was read: it says where slumps are without outlines, and what was searched in vain.
    source, section
        Name of the source of labels, and its section of the parameters as plain values.

    Returns
    -------
    GeoDataFrame
        The dataset ``coverage``: ``year geometry``, one row a label year, EPSG:3413; the geometry is empty where
        nothing is left.
    DataFrame
        The dataset ``coverage_counts`` of the footprints before they are corrected: ``what n``.

    Raises
    ------
    ValueError
        There is no source of that name.
    ConfigError
        The source needs survey areas and none are named, or one names a region that the file does not have.
    SchemaError, LabelError
        As `normalise_coverage` and `normalise_rts`.
    """
    from entropice.sources.files.origin import errors_name_file_of
    from entropice.sources.slumps.footprints import surveyed_area
    from entropice.sources.slumps.outlines import sort_outlines

    declared, periods = label_source(source), periods_of(years, pooled_from)
    given = declared.parameters.model_validate(section)
    footprints, counts = normalise_coverage(coverage_file, cells, columns, years, pooled_from)
    with errors_name_file_of(rts_file):
        within = None if declared.survey_extent is None else declared.survey_extent(rts_file, given)
        rows = sort_outlines(rts_file, declared.outline_format(given), periods, declared.title)
    return surveyed_area(footprints, rows, cells, within), counts


def label_cells(
    cells: GeoDataFrame,
    land: GeoDataFrame,
    rts: GeoDataFrame,
    coverage: GeoDataFrame,
    years: list[int],
    min_observed_fraction: float,
) -> DataFrame:
    """Every cell and year in one of three states: observed with slumps, observed without, not observed.

    Counts go by one point per slump, areas are split at cell borders; both densities are per land area observed that
    year. What was not observed is null, never zero.

    Parameters
    ----------
    cells, land, rts, coverage
        The datasets of these names, all in EPSG:3413; outlines of ``land`` and of one year's ``coverage`` do not
        overlap.
    years
        Label years.
    min_observed_fraction
        Share of a cell's land, 0 to 1, from which on, it included, the cell counts as observed.

    Returns
    -------
    DataFrame
        The dataset ``labels``, one row a cell and label year, sorted: ``cell_id`` uint64, ``year`` int64,
        ``observed_fraction`` of the land, ``observed_land_area_m2``, ``state`` (``observed_with``,
        ``observed_without``, ``unobserved``), ``rts_count`` Int64, ``rts_area_m2``, ``rts_per_km2`` and
        ``rts_area_fraction`` (both NaN where unobserved). Areas are those of EPSG:6931. Slumps in unobserved cells keep
        count and area, which are null and NaN where there are none; a cell without land has a fraction of NaN and is
        unobserved. A slump of unknown area makes area and density of its cell unknown.

    Raises
    ------
    LabelError
        No cell is observed with slumps in any year.
    """
    from entropice.derive.labels import label_cells as label

    return label(cells, land, rts, coverage, years, min_observed_fraction)

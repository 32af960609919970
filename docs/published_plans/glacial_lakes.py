"""The model card of glacial lakes."""

from collections.abc import Iterator
from typing import Any, Final

import torch

from entropice.imagery.bands import band_named
from entropice.networks.architectures import ARCHITECTURES, build_network
from entropice.pipelines.exporting.layouts import layout_named
from published_plans.items import Held, Item, Page, configured, specified, training_items

CHIPS: Final = "tests/sources/imagery/test_sensor_chips.py"
CARD: Final = "tests/pipelines/test_card_exporting.py"
SPLITS: Final = "tests/imagery/test_splits.py"
SCORES: Final = "tests/imagery/test_chip_scores.py"
SAVED: Final = "tests/io/test_network_dataset.py"
REGIONS: Final = "tests/imagery/inventory/test_region_tiles.py"
TERMS: Final = {
    "weighted cross-entropy": ("cross_entropy", 0.5, {"positive_weight": 100.0}),
    "flat Dice": ("dice", 1.0, {}),
    "Lovász of each image": ("lovasz", 0.3, {}),
    "Tversky": ("tversky", 0.5, {"fp_weight": 0.25, "fn_weight": 0.75}),
    "focal": ("focal", 1.0, {"gamma": 2.0}),
    "boundary": ("boundary", 0.5, {}),
}
"""Losses of the card: ours, its weight, and what it is given."""

OPTICAL: Final = "coastal blue green red red_edge red_edge_2 red_edge_3 nir nir_narrow water_vapour swir_1 swir_2"


def items() -> Iterator[Item]:
    """Every item of the checklist."""
    configuration = configured("glacial_lakes")
    task: Any = configuration.parameters.task("lakes")
    yield from _chips(task)
    yield from _network(task)
    yield from _losses(task.training)
    yield from _training(task.training)
    yield from _splits(task)
    yield from _scores(task)
    yield from _lakes(task)
    yield from _files(configuration.composition)


def _chips(task: Any) -> Iterator[Item]:
    tiles, sensors, lakes = task.virtual_lakes.tiles, task.samples.sensors, task.virtual_lakes.lakes
    yield Item("chip", "224 × 224", f"{tiles.n_pixels} × {tiles.n_pixels}")
    yield Item("pixel (m)", 10.0, tiles.pixel_m)
    yield Item("bands", 15, len(task.bands))
    yield Item("optical bands, in order, without B10", OPTICAL, " ".join(sensors["optical"]))
    yield Item("radar bands", ("vv", "vh"), tuple(sensors["radar"]))
    yield Item("unit of radar", "dB", band_named("vv").unit)
    yield Item("relief", ("elevation",), tuple(sensors["relief"]))
    yield Item("bands in the card's order", " ".join(sum(map(tuple, sensors.values()), ())), " ".join(task.bands))
    yield Item(
        "numbers of the files", "stored units", Held(f"{CHIPS}::test_the_file_has_the_cards_bands_in_stored_units")
    )
    without = "test_what_is_written_comes_back_and_a_missing_sensor_is_valid_nowhere"
    yield Item("a missing sensor", "masked, never zero", Held(f"{CHIPS}::{without}"))
    yield Item("regions", 12, lakes.regions.n_regions)
    yield Item("years", (2017, 2021, 2022, 2023), tuple(lakes.regions.years))
    yield Item("less than 30 % cloud", True, lakes.clouds.largest_share < 0.3)
    yield Item(
        "logit",
        "one a pixel",
        Held("tests/networks/test_multimodal_vit.py::test_images_may_have_any_whole_number_of_patches"),
    )


def _network(task: Any) -> Iterator[Item]:
    options, names = task.network.settings, {one.name for one in ARCHITECTURES}
    yield Item(
        "encoder", "TerraMind 1.0 Large", task.network.architecture, "its weights cannot be had here; by parameter"
    )
    yield Item("TerraMind, by parameter", True, "terramind" in names)
    yield Item("layers × channels", "24 × 1024", f"{options['depth']} × {options['width']}")
    yield Item(
        "parameters of the encoder", "1.1 B", _counted(task), "24 layers of 1024 channels have so many; the card errs"
    )
    yield Item("decoder", (256, 128, 64, 32), tuple(options["decoder_widths"]))
    bits = "tests/networks/test_weights.py::test_files_that_are_more_or_less_than_weights_are_refused"
    yield Item("files of weights", "never unpickled", Held(bits))


def _counted(task: Any) -> str:
    """Parameters of the encoder, on a network without values."""
    with torch.device("meta"):
        network: Any = build_network(specified(task, task.virtual_lakes.tiles.n_pixels), 0)
    return f"{sum(each.numel() for each in network.encoder.parameters()) / 1e9:.1f} B"


def _losses(training: Any) -> Iterator[Item]:
    found = {loss.name: loss for loss in training.losses}
    yield Item("terms of the loss", len(TERMS), len(found))
    for title, (name, weight, given) in TERMS.items():
        yield Item(f"{title}: weight", weight, found[name].weight)
        for parameter, value in given.items():
            yield Item(f"{title}: {parameter}", value, found[name].settings[parameter])
    for name in ("cross_entropy", "focal"):
        mined = found[name].settings
        said = f"{mined['hardest_share']:g}, {mined['least_pixels']}"
        yield Item(f"{name}: hardest pixels that are kept, at least", "0.5, 4096", said)
    hand = "tests/networks/test_shape_losses.py::test_lovasz_by_hand"
    yield Item("Lovász", "as published", Held(hand))


def _training(training: Any) -> Iterator[Item]:
    first, fine = training.restarts[0], training.n_epochs - training.restarts[0]
    yield Item("epochs, region-wide and fine-tuned", (30, 30), (first, fine))
    yield Item("decay of the moving average", 0.999, training.average_decay)
    yield Item(
        "epochs of the soup, of the fine-tuning",
        (12, 14, 17, 22, 30),
        tuple(epoch - first for epoch in training.soup_epochs),
    )
    yield Item(
        "uniform soup", "of five", Held(f"{SAVED}::test_a_soup_is_the_mean_of_its_epochs_and_the_record_tells_of_what")
    )
    yield Item("rate falls layer by layer", True, training.layer_decay < 1)
    yield from training_items(training, {"optimiser": "AdamW"})
    resumed = "test_an_interrupted_soup_ends_bit_for_bit_alike"
    yield Item("resumed, without a pickle", "bit for bit", Held(f"{SAVED}::{resumed}"))
    cleaned = "test_epochs_of_a_soup_outlive_those_that_are_kept_for_a_while"
    yield Item("checkpoints that are no longer needed", "cleaned up", Held(f"{SAVED}::{cleaned}"))


def _splits(task: Any) -> Iterator[Item]:
    splits = task.samples.splits
    yield Item("shares", (0.76, 0.12, 0.12), (splits.train, splits.validation, splits.test))
    yield Item("buffer (m)", 2200.0, splits.buffer_m)
    hashed = "test_a_split_depends_neither_on_the_year_nor_on_other_tiles"
    yield Item("hash of the block, the same in all years", "the same", Held(f"{SPLITS}::{hashed}"))
    lakes = "tests/benchmarks/test_lake_splits_benchmark.py"
    yield Item(
        "no pair of different splits overlaps",
        "10⁶ chips",
        Held(f"{lakes}::test_a_million_chips_of_different_splits_lie_apart"),
    )
    leak = "test_degrees_leak_towards_the_pole_and_cells_nowhere"
    yield Item("blocks of degrees", "shown to leak", Held(f"{lakes}::{leak}"))


def _scores(task: Any) -> Iterator[Item]:
    looks = task.evaluation.test_time
    yield Item("flipped looks", "averaged as logits", f"averaged as {looks.averaged}")
    yield Item("looks by flips", 4, looks.n_symmetries)
    yield Item("global IoU = ΣI/ΣU, IoU of chips", "told", Held(f"{SCORES}::test_scores_are_those_worked_by_hand"))
    yield Item("threshold: best on validation, by", "iou", task.evaluation.threshold)
    yield Item("at a chance of .5 too", "told", Held(f"{SCORES}::test_chips_are_counted_as_their_pixels_are_chosen"))
    yield Item("sweep of thresholds", "told", Held(f"{SCORES}::test_a_sweep_chooses_less_and_less"))
    yield Item("per region", "told", Held(f"{SCORES}::test_regions_with_few_positives_are_left_out"))
    sizes = "tests/imagery/test_size_scores.py::test_each_class_is_scored_apart_and_beside_the_rival"
    yield Item("per size", "told", Held(sizes))
    yield Item("lakes below (ha) apart", 0.5, task.evaluation.objects.area_edges_m2[0] / 1e4)
    audited = "tests/imagery/test_audited.py::test_only_what_was_drawn_again_is_there_with_its_own_target"
    yield Item("label audit", "masks drawn again", Held(audited))
    corrected = "tests/imagery/test_label_audit.py::test_corrected_intervals_cover_what_labels_miss"
    yield Item("a corrected score beside the raw", "told", Held(corrected))
    water = "tests/virtual_lakes/test_lake_scene.py::test_labels_lie_in_lakes_and_conditions_are_those_of_lakes"
    yield Item("water that is no glacial lake", "negative", Held(water))
    table = "tests/benchmarks/test_lake_table.py::test_the_command_tells_what_it_needs"
    yield Item("one command for the table, to four decimals", "python -m benchmarks.lake_table", Held(table))
    yield Item("gap of the card: several seeds", "--training-seeds", Held(table))


def _lakes(task: Any) -> Iterator[Item]:
    inventory = task.inventory
    yield Item("smallest lake (ha)", 0.5, inventory.min_area_m2 / 1e4)
    yield Item("smallest lake (pixels)", 50, task.evaluation.objects.min_px)
    limits = "test_what_is_asked_for_keeps_the_order_of_what_is_known"
    yield Item("inference by region and year", "by parameter", Held(f"{REGIONS}::{limits}"))
    yield Item("inference by n_chips", "by parameter", Held(f"{REGIONS}::test_a_larger_draw_holds_a_smaller_one"))
    change = "test_intervals_cover_changes_whose_errors_are_correlated"
    yield Item("years differenced", "with intervals", Held(f"tests/imagery/inventory/test_growth.py::{change}"))
    covered = "test_areas_have_no_bias_and_intervals_cover_whatever_the_law"
    calibrated = f"tests/imagery/inventory/test_inventory_calibration.py::{covered}"
    yield Item("gap of the card: uncertainty", "areas with intervals", Held(calibrated))
    yield Item("gap of the card: time", "growth", Held("tests/imagery/inventory/test_growth.py::test_limits_by_hand"))


def _files(composition: Any) -> Iterator[Item]:
    yield Item("layout", "model_card", layout_named(composition.export_layout).name)
    there = f"{CARD}::test_the_files_are_those_of_the_card_and_the_manifest_names_them"
    for name in (
        "checkpoints/{soup,stepNNNNNN-iou0.NNN,last}.ckpt",
        "diagnostics/{per_chip_val,per_chip_test}.parquet",
        "per_region_breakdown.json, threshold_sweep.json",
        "logs/metrics.csv",
        "config.yaml",
    ):
        yield Item(name, "written", Held(there))
    yield Item("checkpoints without a pickle", "plain torch", Held(f"{CARD}::test_plain_torch_loads_each_checkpoint"))
    page = "test_limitations_are_written_from_the_facts_of_the_run"
    yield Item("LIMITATIONS: not a forecaster", "written", Held(f"{CARD}::{page}"))


GLACIAL_LAKES: Final = Page(
    "published-plan-glacial-lakes.md", "glacial_lakes", "the model card of glacial lakes", items
)

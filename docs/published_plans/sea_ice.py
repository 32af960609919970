"""The Arctic ice pipeline, task by task."""

from collections.abc import Iterator
from typing import Any, Final

import torch

from entropice.exports.ice_pipeline import file_of_weights, stem_of
from entropice.networks.architectures import architecture_named, build_network
from published_plans.items import LATER, Held, Item, Page, configured, specified, training_items

DATA: Final = "tests/exports/test_ice_pipeline_data.py"
FILES: Final = "tests/exports/test_ice_pipeline.py"
EXPORTED: Final = "tests/pipelines/test_exporting_pipeline.py"
DOOR: Final = "issue 17, a door for other programs"


def items() -> Iterator[Item]:
    """Every item of the checklist."""
    parameters = configured("sea_ice").parameters
    types, motion, change, charts = (
        parameters.task(name) for name in ("ice_types", "ice_motion", "ice_change", "ice_charts")
    )
    yield from _images(types)
    yield from _types(types)
    yield from _motion(motion)
    yield from _change(change)
    yield from _charts(charts)
    yield from _expectations(types, motion, change)
    yield from _files(parameters.section("exporting").stems, types.network.encoder)
    yield from _machines(types)
    yield from _doors()


def _images(task: Any) -> Iterator[Item]:
    tiles, splits, augmentation = task.virtual_ice_types.tiles, task.samples.splits, task.samples.augmentation
    yield Item("samples", 100, tiles.n_samples)
    yield Item("image", "256 × 256", f"{tiles.n_pixels} × {tiles.n_pixels}")
    smaller = {"tasks": {"ice_types": {"virtual_ice_types": {"tiles": {"n_pixels": 128}}}}}
    small: Any = configured("sea_ice", **smaller).parameters.task("ice_types")
    yield Item("image, by parameter", 128, small.virtual_ice_types.tiles.n_pixels)
    yield Item("bands", "red, green, blue", ", ".join(task.bands))
    yield Item(
        "shares of training, validation, test", (0.7, 0.15, 0.15), (splits.train, splits.validation, splits.test)
    )
    yield Item(
        "values",
        "0–1",
        Held("tests/sources/imagery/test_pictures.py::test_numbers_are_shares_of_255_and_black_is_known"),
    )
    yield Item(
        "share of samples that are flipped and turned by 90°",
        "some",
        f"{augmentation.symmetry_probability:g}",
        "no share was published",
    )
    yield Item(
        "brightness",
        "some",
        f"± {augmentation.max_brightness:g} at {augmentation.colour_probability:g}",
        "no size was published",
    )
    yield Item("contrast, saturation", (0.0, 0.0), (augmentation.max_contrast, augmentation.max_saturation))
    yield Item("weights of classes", "balanced", task.training.losses[0].settings["weights"])


def _types(task: Any) -> Iterator[Item]:
    yield Item("types: encoder", "resnet50", task.network.encoder)
    yield Item(
        "types: its weights",
        "ImageNet",
        task.network.encoder_weights or "random",
        "no package has them, and nothing is fetched at run time: name a file",
    )
    yield Item("types: head", "2048-512-ReLU-Dropout 0.5-128-ReLU-3", _head(task))
    yield Item("types: classes", "open water, thin, thick", tuple(each.name for each in task.samples.classes), "names")
    yield Item(
        "types: number of classes is free",
        "n",
        Held("tests/networks/test_classifier.py::test_bands_in_a_logit_a_class_out"),
    )
    said = {
        "encoder's modules that learn, from its end": 30,
        "batch": 32,
        "optimiser": "Adam",
        "rate": 1e-3,
        "loss": "class_cross_entropy",
        "rate falls": "where the metric does not rise",
        "epochs": 20,
        "gradients gathered over": "4 parts",
    }
    yield from _of("types", training_items(task.training, said))


def _motion(task: Any) -> Iterator[Item]:
    network = _built(task)
    yield Item(
        "motion: channels of layers", (32, 32), tuple(cell.gates.out_channels // 4 for cell in network.encoding.cells)
    )
    yield Item("motion: 64 channels, three layers", "by parameter", _by_options(task, widths=[64, 64, 64]))
    yield Item("motion: attention", "by parameter", _by_options(task, attention="channel"))
    options, windows = task.network.settings, task.samples.windows
    yield Item("motion: days in, days out", (30, 7), (options["n_frames_in"], options["n_frames_out"]))
    yield Item("motion: days of a sequence", (30, 7), (windows.n_frames_in, windows.forecast_horizon))
    yield Item("motion: fields", "256 × 256", f"{windows.n_pixels} × {windows.n_pixels}")
    said = {
        "batch": 4,
        "optimiser": "Adam",
        "rate": 1e-3,
        "rate falls": "never",
        "loss": "mean_squared_error",
        "largest norm of gradients": 1.0,
        "epochs": 30,
        "gradients gathered over": "4 parts",
    }
    yield from _of("motion", training_items(task.training, said))


def _change(task: Any) -> Iterator[Item]:
    network = _built(task)
    yield Item("change: network", "Siamese", architecture_named(task.network.architecture).title, "its usual name")
    yield Item("change: shared blocks", 4, len(network.blocks))
    yield Item("change: convolutions of the decoder", 3, len(network.decoder))
    yield Item("change: days between two images", 7, task.virtual_ice_change.gap_days)
    said = {"batch": 8, "loss": "cross_entropy", "epochs": 20, "gradients gathered over": "4 parts"}
    yield from _of("change", training_items(task.training, said))


def _charts(task: Any) -> Iterator[Item]:
    yield Item("charts: network", "U-Net", architecture_named(task.network.architecture).title)
    yield Item(
        "charts: of NOAA/NESDIS",
        "read",
        Held("tests/pipelines/image_sources/test_ice_sources.py::test_images_and_charts_become_samples"),
    )


def _expectations(types: Any, motion: Any, change: Any) -> Iterator[Item]:
    told = [("types", each) for each in types.evaluation.expectations]
    told += [("motion", each) for each in motion.evaluation.expectations]
    told += [("change", each) for each in change.evaluation.expectations]
    said = ("80 to 85 %", "below 0.01", "about 90 %", "about 70 %", "85 to 90 %", "80 %", "85 %")
    for (name, each), published in zip(told, said, strict=True):
        yield Item(f"{name}: expectation of {each.what}", published, each.published.split(",")[0])
    yield Item(
        "expectations stand beside ours",
        "shown",
        Held(
            "tests/pipelines/kinds/image_class/test_class_kind.py::test_the_card_tells_what_was_published_beside_what_is_measured"
        ),
    )


def _files(stems: Any, encoder: str) -> Iterator[Item]:
    yield Item("file of types", "ice_classifier_resnet50.pth", file_of_weights(stem_of(stems["ice_types"], encoder)))
    yield Item("file of motion", "ice_movement_lstm.pth", file_of_weights(stem_of(stems["ice_motion"], None)))
    yield Item("file of change", "change_detector.pth", file_of_weights(stem_of(stems["ice_change"], None)))
    for name, test in (
        ("model_state_dict", f"{EXPORTED}::test_files_hold_what_readers_need_beside_the_weights"),
        ("*_training_curves.png", f"{FILES}::test_each_network_has_weights_curves_and_the_modules_it_needs"),
        (
            "loaded by torch and torchvision",
            f"{EXPORTED}::test_the_lines_of_the_docs_load_each_network_and_it_says_the_same",
        ),
        (
            "models/README.md",
            f"{FILES}::test_the_readme_says_how_each_is_loaded_what_it_is_worth_and_what_it_cannot_do",
        ),
        ("processed/{train,val,test}: PNG, .npy, .json, info.json", f"{DATA}::test_classes"),
        ("sequences/", f"{DATA}::test_sequences"),
        ("manifest.json", f"{EXPORTED}::test_the_manifest_names_every_file"),
        ("dataset_info.json", f"{EXPORTED}::test_samples_lie_where_the_published_ones_do"),
    ):
        yield Item(name, "written", Held(test))


def _machines(task: Any) -> Iterator[Item]:
    yield from training_items(task.training, {"device": "auto"})
    yield Item(
        "several GPUs",
        "shared out",
        Held("tests/networks/test_several_processes.py::test_networks_of_every_kind_are_trained_together_as_alone"),
    )
    yield Item(
        "performance monitored, retraining advised",
        "told",
        Held("tests/imagery/frames/test_monitor.py::test_worse_forecasts_ask_for_training_and_say_why"),
    )
    yield Item("CPU ms an image", "measured", "measured by `benchmarks/modis_ice.py`", "no number was published")


def _doors() -> Iterator[Item]:
    for name in ("POST /api/v1/classify", "GET /api/v1/predictions/7day", "reload without restart"):
        yield Item(name, "there", LATER, DOOR)


def _built(task: Any) -> Any:
    """The network of a task without values: layers are counted on it."""
    with torch.device("meta"):
        return build_network(specified(task, 256), 0)


def _head(task: Any) -> str:
    layers = []
    for layer in _built(task).head:
        if isinstance(layer, torch.nn.Linear):
            layers += [*([] if layers else [str(layer.in_features)]), str(layer.out_features)]
        else:
            layers.append(f"Dropout {layer.p:g}" if isinstance(layer, torch.nn.Dropout) else type(layer).__name__)
    return "-".join(layers)


def _by_options(task: Any, **options: Any) -> str:
    """Whether the network takes these options."""
    architecture_named(task.network.architecture).read_options({**task.network.options, **options})
    return "by parameter"


def _of(name: str, found: Iterator[Item]) -> Iterator[Item]:
    return (Item(f"{name}: {item.name}", item.said, item.plan, item.because) for item in found)


SEA_ICE: Final = Page("published-plan-sea-ice.md", "sea_ice", "the Arctic ice pipeline", items)

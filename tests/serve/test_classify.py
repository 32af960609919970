"""What is said of images over HTTP, and what is refused."""

import io
import struct
import zlib
from collections.abc import Callable

import numpy as np
import pytest
import requests
from PIL import Image as Pillow
from served_runs import CLASSES, ICE_RUN, TASK, Server, Trained

from entropice.pipelines.kinds.image_class.judging import NETWORK, judged_test, rings

NAMES = [one["name"] for one in CLASSES]


def encoded(picture: Pillow.Image, form: str = "PNG") -> bytes:
    file = io.BytesIO()
    picture.save(file, form)
    return file.getvalue()


def drawn(width: int = 32, height: int = 32, mode: str = "RGB") -> Pillow.Image:
    random = np.random.default_rng([width, height])
    return Pillow.fromarray(random.integers(0, 255, (height, width, 3), dtype=np.uint8)).convert(mode)


def png(width: int, height: int, depth: int, colours: int, rows: bytes) -> bytes:
    """A PNG from its parts, however little they go together."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", width, height, depth, colours, 0, 0, 0)
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def error_of(response: requests.Response) -> dict[str, str]:
    """The refusal, which has all of its parts and nothing of the server's inside."""
    assert response.headers["content-type"] == "application/json"
    assert response.json().keys() == {"error"}
    error = response.json()["error"]
    assert error.keys() == {"what", "field", "got", "expected", "fix"}
    assert "Traceback" not in response.text
    assert "entropice-serve-" not in response.text
    return error


def test_answers_are_those_of_the_run_itself(trained: Trained, classify, tile) -> None:
    made = trained.made
    judged = judged_test(made["held_out"], made["calibration"])[NETWORK]
    alarms = rings(made["held_out"], made["alarm"])
    splits = made["splits"]
    keys = splits.loc[splits["split"] == "test", "key"]

    answers = [classify(tile(int(key[1:]))).json() for key in keys]

    assert len(answers) == len(judged.answers) > 5
    said = [[answer["probabilities"][name] for name in NAMES] for answer in answers]
    np.testing.assert_allclose(np.log(said), judged.log_chances, atol=2e-5)
    assert [answer["none_of_these"]["rings"] for answer in answers] == alarms.tolist()
    named = np.where(alarms, "none_of_these", np.array(NAMES)[judged.answers])
    assert [answer["ice_type"] for answer in answers] == named.tolist()
    confident = [answer["confidence"] for answer in answers]
    assert confident == [None if alarm else max(row) for alarm, row in zip(alarms, said, strict=True)]
    strangeness = made["held_out"].arrays["strangeness_test"]
    np.testing.assert_allclose([each["none_of_these"]["strangeness"] for each in answers], strangeness, rtol=1e-6)


@pytest.mark.parametrize("form", ["PNG", "BMP", "TIFF"])
def test_the_same_pixels_have_the_same_answer_in_every_format(classify, tile, form: str) -> None:
    picture = Pillow.open(io.BytesIO(tile(0)))

    assert classify(encoded(picture, form)).json() == classify(tile(0)).json()


def test_an_image_of_something_else_is_none_of_these(classify) -> None:
    answer = classify(encoded(drawn())).json()

    assert answer["none_of_these"]["rings"]
    assert answer["none_of_these"]["strangeness"] > answer["none_of_these"]["threshold"]
    assert (answer["ice_type"], answer["confidence"]) == ("none_of_these", None)
    assert sum(answer["probabilities"].values()) == pytest.approx(1)


def test_a_picture_of_another_size_is_cut_to_its_middle_and_resampled(classify, tile) -> None:
    whole = Pillow.open(io.BytesIO(tile(1)))
    wide = Pillow.new("RGB", (48, 32), (255, 0, 0))
    wide.paste(whole, (8, 0))

    answer, of_middle = classify(encoded(wide)).json(), classify(tile(1)).json()

    assert answer["image"] == {"width_px": 48, "height_px": 32, "is_resampled": True}
    assert of_middle["image"]["is_resampled"] is False
    assert answer["probabilities"] == pytest.approx(of_middle["probabilities"], abs=1e-6)


def test_what_is_transparent_is_not_known(classify, tile) -> None:
    picture = Pillow.open(io.BytesIO(tile(2))).convert("RGBA")
    picture.putpixel((3, 3), (255, 255, 255, 0))

    hidden = classify(encoded(picture))
    picture.putpixel((3, 3), (0, 99, 0, 0))

    assert hidden.status_code == 200
    assert classify(encoded(picture)).json() == hidden.json()


NOISE = np.random.default_rng(1).integers(0, 255, 4000, dtype=np.uint8).tobytes()
BOMB = png(60_000, 60_000, 8, 2, bytes(1000))
DEEP = png(16, 16, 16, 2, b"".join(b"\0" + bytes(16 * 6) for _ in range(16)))
GREY_16 = encoded(Pillow.fromarray(np.full((32, 32), 999, dtype=np.uint16)))
TIFF_16 = encoded(Pillow.fromarray(np.full((32, 32), 999, dtype=np.uint16)), "TIFF")


@pytest.mark.parametrize(
    ("content", "status", "what"),
    [
        (b"", 422, "The image is empty."),
        (b"%PDF-1.7 not an image", 415, "The file is no image that is read here."),
        (NOISE, 415, "The file is no image that is read here."),
        (encoded(drawn())[:1500], 422, "The image is cut off or damaged."),
        (encoded(drawn(), "JPEG")[:700], 422, "The image is cut off or damaged."),
        (encoded(drawn(), "TIFF")[:900], 422, "The image is"),
        (BOMB, 413, "The image has too many pixels."),
        (DEEP, 415, "The image has other colours than are read here."),
        (GREY_16, 415, "The image has other colours than are read here."),
        (TIFF_16, 415, "The image has other colours than are read here."),
        (encoded(drawn(mode="CMYK"), "JPEG"), 415, "The image has other colours than are read here."),
        (encoded(drawn(mode="L")), 415, "The image has other colours than are read here."),
        (encoded(drawn(7, 7)), 422, "The image has too few pixels."),
        (encoded(Pillow.new("RGBA", (32, 32), (1, 2, 3, 0))), 422, "The image is transparent everywhere."),
        (encoded(drawn(), "GIF"), 415, "The file is no image that is read here."),
    ],
    ids=[
        "empty",
        "text",
        "noise",
        "cut_png",
        "cut_jpeg",
        "cut_tiff",
        "bomb",
        "png_16",
        "grey_16",
        "tiff_16",
        "cmyk",
        "grey",
        "small",
        "clear",
        "gif",
    ],
)
def test_what_is_no_picture_is_refused_with_the_reason(classify, content: bytes, status: int, what: str) -> None:
    response = classify(content)

    error = error_of(response)
    assert response.status_code == status, response.text
    assert error["what"].startswith(what)
    assert error["field"] == "image"
    assert error["fix"]


def test_another_name_of_the_field_is_told(classify) -> None:
    response = classify(encoded(drawn()), field="file")

    assert response.status_code == 422
    assert error_of(response)["got"] == "file"
    assert error_of(response)["field"] == "image"


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"content-type": "multipart/form-data; boundary=x"}, b"--x\r\nnonsense", 422),
        ({"content-type": "multipart/form-data"}, b"--x--", 400),
        ({"content-type": "application/json"}, b"{}", 422),
        ({"content-type": "multipart/form-data; boundary=x"}, b"", 422),
        ({}, b"", 422),
    ],
)
def test_a_body_that_is_no_form_is_refused(server: Server, headers, body: bytes, status: int) -> None:
    response = requests.post(server.url("classify"), data=body, headers=headers, timeout=30)

    assert response.status_code in {status, 400, 422}
    assert error_of(response)["what"]


def test_a_field_of_text_is_no_image(server: Server) -> None:
    response = requests.post(server.url("classify"), files={"image": (None, "text")}, timeout=30)

    assert response.status_code == 422
    assert error_of(response)["field"] == "image"


def test_a_model_is_named_by_its_id(server: Server, get: Callable, tile) -> None:
    (model,) = get("models").json()["models"]

    def ask(name: str) -> requests.Response:
        return requests.post(server.url("classify"), files={"image": tile(0)}, params={"model": name}, timeout=30)

    assert model["id"] == f"{ICE_RUN}:{TASK}"
    assert model["facts"]["versions"].keys() >= {"torch", "entropice"}
    named = ask(model["id"]).json()
    assert (named["model"], named["version"]) == (model["id"], model["version"])
    unknown = ask("../../etc/passwd")
    assert unknown.status_code == 404
    assert error_of(unknown)["expected"] == model["id"]

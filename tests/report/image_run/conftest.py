from pathlib import Path

import pytest
from image_runs import image_run

from entropice.report.image_run.content import ImageRun
from entropice.report.image_run.folder import ImageRunFolder, write_image_run
from entropice.report.image_run.page import render_run


@pytest.fixture(scope="session")
def image_content() -> ImageRun:
    return image_run()


@pytest.fixture(scope="session")
def image_report(image_content: ImageRun) -> str:
    return render_run(image_content)


@pytest.fixture(scope="session")
def image_folder(image_content: ImageRun, image_report: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("image_run")
    write_image_run(ImageRunFolder(image_content, image_report), path)
    return path

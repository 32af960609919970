"""A QGIS user profile in which the packed plugin is installed and switched on."""

import zipfile
from pathlib import Path

from qgis_plugin.build_zip import build_zip

SETTINGS = """[PythonPlugins]
entropice=true
processing=true

[qgis]
checkVersion=false
"""
LANGUAGE = """
[locale]
overrideFlag=true
userLocale={}
"""


def profile_with_plugin(folder: Path, language: str = "") -> Path:
    """Make a profiles folder below `folder`; QGIS takes it as --profiles-path or QGIS_CUSTOM_CONFIG_PATH.

    `language` is that of QGIS, such as ``de``; else the system's.
    """
    settings = SETTINGS + LANGUAGE.format(language) if language else SETTINGS
    profile = folder / "profiles" / "default"
    (profile / "QGIS").mkdir(parents=True)
    (profile / "QGIS" / "QGIS3.ini").write_text(settings, encoding="utf-8")
    plugins = profile / "python" / "plugins"
    zipfile.ZipFile(build_zip(folder / "dist")).extractall(plugins)
    return folder

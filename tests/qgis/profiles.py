"""A QGIS user profile in which the plugin is installed and switched on."""

from pathlib import Path

PLUGIN = Path(__file__).parents[2] / "qgis_plugin" / "entropice"
SETTINGS = """[PythonPlugins]
entropice=true
processing=true

[qgis]
checkVersion=false
"""


def profile_with_plugin(folder: Path) -> Path:
    """Make a profiles folder below `folder`; QGIS takes it as --profiles-path or QGIS_CUSTOM_CONFIG_PATH."""
    profile = folder / "profiles" / "default"
    (profile / "QGIS").mkdir(parents=True)
    (profile / "QGIS" / "QGIS3.ini").write_text(SETTINGS, encoding="utf-8")
    plugins = profile / "python" / "plugins"
    plugins.mkdir(parents=True)
    (plugins / "entropice").symlink_to(PLUGIN, target_is_directory=True)
    return folder

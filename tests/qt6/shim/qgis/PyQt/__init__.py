"""Qt 6 under the names by which QGIS gives it to plugins."""

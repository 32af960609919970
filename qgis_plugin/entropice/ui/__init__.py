"""Widgets: the dock, its charts, and the plugin that QGIS loads."""

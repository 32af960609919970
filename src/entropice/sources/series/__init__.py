"""Folders of rasters of one quantity, a file a step."""

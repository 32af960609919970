"""QGIS on one side, `core` on the other: layers, styles, projects and Processing; no widgets."""

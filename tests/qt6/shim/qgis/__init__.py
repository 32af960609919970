"""Stands in for QGIS where none has Qt 6: Qt itself is real, QGIS's classes are names without content."""

from PyQt6.QtGui import QAction as QAction  # moved by Qt 6; QGIS gives it from here, too
from PyQt6.QtWidgets import *  # noqa: F403

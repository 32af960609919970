from PyQt6.QtWidgets import QApplication


class QgsApplication(QApplication):
    @staticmethod
    def locale() -> str:
        return "de"


def __getattr__(name: str) -> type:
    """Any other class, by its name alone; it cannot be used."""
    if name.startswith("__"):
        raise AttributeError(name)
    return type(name, (), {})

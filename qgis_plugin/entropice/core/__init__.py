"""What a run folder says, without QGIS: manifest, integrity, layer plan, cell report."""

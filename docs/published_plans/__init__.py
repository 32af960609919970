"""What a published system says of itself, item by item, beside the size ``published`` of the same system here."""

"""Years to come: forecasts of the climate of cells, and what the map says of them."""

"""What the map's model says of years to come, when the climate itself has to be forecast."""

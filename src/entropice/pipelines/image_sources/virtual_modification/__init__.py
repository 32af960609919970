"""A virtual land that people change."""

"""Yearly climate of cells, laid side by side as fields."""

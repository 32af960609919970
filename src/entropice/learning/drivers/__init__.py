"""Why: which groups of features carry a map beyond what layers without meaning carry, and what decides each cell."""

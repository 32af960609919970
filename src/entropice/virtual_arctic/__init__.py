"""A synthetic Arctic with known truth, written in the sources' own file formats."""

"""Finished runs of several grids side by side: skill, agreement and cost on units that all of them share."""

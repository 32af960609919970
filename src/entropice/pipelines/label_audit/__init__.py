"""Scores of masks that hold although labels are wrong, by an audit of some chips."""

"""Sources of features and labels, one folder each."""

"""Sources of labels and features: one declaration each."""

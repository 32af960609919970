"""From labels and features to probabilities with honest scores: classes, folds, models, scores, drivers."""

"""Sea ice whose law is known: daily fields of concentration, thickness and wind, and what it looks like from above."""

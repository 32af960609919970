"""A virtual land that people change by a known law: what can be forecast of it is known too."""

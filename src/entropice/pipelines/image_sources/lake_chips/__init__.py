"""Chips of real glacial lakes, a folder that is given by its path in the catalog (``<task>.files``)."""

"""Mountains with lakes whose outlines, areas and conditions are known, as three sensors see them."""

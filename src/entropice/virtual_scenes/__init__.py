"""What the virtual Arctic looks like from above, as images with known truth."""

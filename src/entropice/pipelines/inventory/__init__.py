"""What is found in whole regions, year by year, with areas that can be trusted."""

"""The table of countries and regions, and where it comes from."""

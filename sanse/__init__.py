"""Sanse: blue, yellow and red warnings from street cameras that a city can look inside."""

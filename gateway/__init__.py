"""The district's server: stores alerts, raises warnings, explains every colour."""

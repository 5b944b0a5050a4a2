"""The event benchmark: clips with exact truth, and how well any system's alerts meet it."""

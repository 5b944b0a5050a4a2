"""The box looks after itself: health, watchdog."""

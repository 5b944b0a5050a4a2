"""The box next to the cameras: from a frame to a signed alert that is never lost silently."""

"""Cameras, clips and folders: from packets to frames with a time."""

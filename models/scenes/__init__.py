"""The scene maker: streets that can be scripted, drawn with exact truth."""

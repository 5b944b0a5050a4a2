"""JSON and server-sent events for the dashboard and other systems."""

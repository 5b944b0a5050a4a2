"""What led to an alert, as one picture that a person understands at a glance."""

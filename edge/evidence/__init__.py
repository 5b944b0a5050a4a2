"""What supports an alert, redacted and stored before the alert that names it."""

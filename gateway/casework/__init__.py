"""What becomes of alerts: pure decisions; the caller brings clock and rows."""

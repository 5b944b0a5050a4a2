"""MQTT in, verified, stored, answered with a receipt."""

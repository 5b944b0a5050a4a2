"""What Sanse measures of itself; each prints its figures with what they stand beside."""

"""Box health as a time series elsewhere: a copy that can be replayed, never the record."""

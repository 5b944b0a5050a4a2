"""The way to the gateway: outbox, publisher, receipts, evidence upload."""

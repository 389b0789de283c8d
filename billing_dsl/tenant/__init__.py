"""What a tenant holds, read from a snapshot, and what is left to do there."""

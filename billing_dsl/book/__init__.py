"""The catalogue written out: every client's contracts, tiers expanded."""

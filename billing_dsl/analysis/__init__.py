"""The coverage: for every kind of work and every day, where it ends and how it is billed there."""

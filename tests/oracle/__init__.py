"""A second, deliberately simple reading of the semantics, to hold the real one against."""

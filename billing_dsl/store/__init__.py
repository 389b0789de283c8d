"""Results kept between runs: they make a run quick and never change what it says."""

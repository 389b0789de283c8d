"""A change under review: whom it reaches, in money, what is found, whose consent it needs."""

"""A change as it is reviewed: whom it reaches, in money, what is found, and whose consent it needs."""

"""What documents may say, and what they mean: schemas, declarations, dates and money."""

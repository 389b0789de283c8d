"""What changes for clients between two catalogues, exactly: cover, prices, terms, and from when."""

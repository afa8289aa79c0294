"""What datasets/make-phones is made of."""

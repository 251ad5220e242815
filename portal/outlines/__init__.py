"""What a report kind asks for: editions as data."""

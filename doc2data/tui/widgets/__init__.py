"""What the screens are made of, one noun to a file."""

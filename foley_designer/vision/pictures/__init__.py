"""What is seen in a picture, named: an optional network, its files and what it says of shots."""

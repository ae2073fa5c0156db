"""Sources, resonators and grains that instruments are built from."""

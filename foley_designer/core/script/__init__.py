"""Documents from what is seen to the Foley script."""

"""Documents, units and rules that every room shares. Imports nothing from the other rooms."""

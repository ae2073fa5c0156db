"""Dynamics specialist: keeps levels steady and important Foley heard."""

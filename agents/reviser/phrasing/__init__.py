"""Phrasing: requests said again as the grammar reads them, before it does."""

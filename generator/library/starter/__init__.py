"""A starter of freely licensed recordings, out of packages that registries carry."""

"""Grammar: words of a request, put together, with what of a script they name."""

"""The review page: a session in the browser, on this machine alone."""

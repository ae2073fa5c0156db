"""Jobs that outlive a call, and the server that started them."""

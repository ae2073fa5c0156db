"""Working side by side: processes, locks, ledgers and memory."""

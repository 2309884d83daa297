"""What may be seen or reached from outside: encryption on the way, and addresses (NET)."""

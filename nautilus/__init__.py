"""The federation's own reasoning, its offline clouds and its command line."""

"""KEY: what protects them, and where that is (KEY-1)."""

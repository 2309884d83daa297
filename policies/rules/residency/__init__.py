"""RES: where things are (JUR-2)."""

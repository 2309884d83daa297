"""Pure reasoning over the catalogue: no input, no output, no clouds."""

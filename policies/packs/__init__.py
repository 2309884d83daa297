"""The policy packs that the engine loads, one folder a pack."""

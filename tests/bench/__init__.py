"""How fast check, preview and up are, beside the engine's own floor."""

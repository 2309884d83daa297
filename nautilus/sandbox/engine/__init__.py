"""Brings up Pulumi's own engine: from PATH, by the official installer, or built from the pinned Go module."""

"""Reusable Pulumi components: one folder a thing, one file a cloud, the same interface on all three."""

"""The `exposure` pack's process: serves its rules to the engine until the engine ends it."""

from __future__ import annotations

from policies.kit.pack import serve
from policies.kit.registry import Pack

if __name__ == "__main__":
    serve(Pack.EXPOSURE)

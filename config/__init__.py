"""What the federation is: the catalogue's models, its files and the loader that checks them."""

from __future__ import annotations

import os
from pathlib import Path


def root() -> Path:
    """Give the project's folder: `NAUTILUS_ROOT` where it is set, else the one that holds this package.

    It does not check that a catalogue is there: `config.loader.load` does.
    """
    named = os.environ.get("NAUTILUS_ROOT")
    return Path(named).resolve() if named else Path(__file__).resolve().parent.parent

"""`python -m nautilus.sandbox.engine FOLDER`: makes sure of an engine, or ends with 1 and one line."""

from __future__ import annotations

import sys
from pathlib import Path

from nautilus.sandbox.engine.install import EngineError, install


def main() -> int:
    """Bring up the engine under the folder given, printing progress."""
    folder = Path(sys.argv[1]).resolve()
    try:
        engine = install(folder, lambda line: print(line, flush=True))
    except EngineError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"engine: pulumi {engine.version} from {engine.way}, {engine.seconds} s, {engine.bin}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

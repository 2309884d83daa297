"""JSON Schemas of the catalogue's files, made from the models, so that editors complete and check the YAML.

Guarantees one schema for each kind of file, the same for the same models. A schema checks one file by itself: what files say
of each other is for `config.validation`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Final

import config
from config import generated
from config.kind import KINDS, Kind

FOLDER: Final = "config/schema"
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def schema(kind: Kind) -> str:
    """Give the JSON Schema of one kind of file as text."""
    body = kind.file_type().json_schema(mode="validation")
    body = {"$schema": DIALECT, **body, "title": f"Nautilus catalogue: {kind.name}"}
    return json.dumps(body, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the schemas, or with `--check` give 1 where one is stale."""
    files = {f"{kind.name}.json": schema(kind) for kind in KINDS}
    return generated.main(arguments, folder=config.root() / FOLDER, files=files, command="python -m config.schema")


if __name__ == "__main__":
    sys.exit(main())

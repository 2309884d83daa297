"""The JSON Schema of a verdict as `--json` and `verdict.json` give it, made from the records themselves.

Guarantees that every field of the records is in it, asked for and described by its type, and nothing else is allowed. It
checks no verdict: whoever reads one does.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter

import config
from config import generated
from config.schema import DIALECT
from nautilus.cli.exits import ExitCode
from nautilus.cli.verdict import StackVerdict

FOLDER = "docs/schema"
NAME = "verdict.json"

_COUNT: dict[str, Any] = {"type": "integer", "minimum": 0}


def schema() -> str:
    """Give the schema as text."""
    stack = TypeAdapter(StackVerdict).json_schema(mode="serialization")
    parts = stack.pop("$defs")
    stack["properties"]["policies"] = {"type": "object", "properties": {"mandatory": _COUNT, "advisory": _COUNT}}
    body: dict[str, Any] = {
        "type": "object",
        "properties": {
            "command": {"type": "string"},
            "environment": {"type": "string"},
            "place": {"type": "string"},
            "exit_code": {"enum": [int(code) for code in ExitCode]},
            "seconds": {"type": "number", "minimum": 0},
            "totals": {"type": "object", "additionalProperties": _COUNT},
            "stacks": {"type": "array", "items": {"$ref": "#/$defs/StackVerdict"}},
        },
        "$defs": parts | {"StackVerdict": stack},
    }
    for record in (body, stack, stack["properties"]["policies"], *parts.values()):
        if "properties" in record:
            record |= {"required": sorted(record["properties"]), "additionalProperties": False}
    body = {"$schema": DIALECT, "title": "Nautilus verdict", **body}
    return json.dumps(body, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the schema, or with `--check` give 1 where it is stale."""
    return generated.main(
        arguments, folder=config.root() / FOLDER, files={NAME: schema()}, command="python -m nautilus.cli.verdict_schema"
    )


if __name__ == "__main__":
    sys.exit(main())

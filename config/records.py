"""Plain values turned into the catalogue's models, record by record, so that one bad record hides no other.

Guarantees that every record is either a model or a list of findings, never an exception. It checks each record by itself;
what records say of each other is for `config.validation`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, get_args, get_origin

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from config.kind import KINDS, Kind
from config.model import EnvironmentName, Model
from config.problem import Path, Plain, nearest, shown, shown_text
from config.validation.view import Finding, View


def read(values: Mapping[str, Any], broken: Iterable[str] = ()) -> tuple[View, list[Finding]]:
    """Turn files into records.

    `values`: mapping of file (relative to the catalogue's folder) to its plain value; `broken`: files that exist but could
    not be parsed. Gives what could be read and what is wrong with the rest; a kind of file that is missing altogether is a
    finding too.
    """
    view = View()
    findings: list[Finding] = []
    for kind in KINDS:
        files = [file for file in sorted(values) if _belongs(file, kind)]
        lost = [file for file in broken if _belongs(file, kind)]
        for file in lost:
            view.lose(kind.name, _stem(file) if kind.folder else None)
        if not files and not lost:
            findings.append(_missing_kind(kind))
            view.lose(kind.name, None)
        for file in files:
            findings += _read_file(view, kind, file, values[file])
    return view, findings


def _belongs(file: str, kind: Kind) -> bool:
    return file.startswith(f"{kind.path}/") if kind.folder else file == kind.path


def _missing_kind(kind: Kind) -> Finding:
    what = f"{kind.path}/ with one YAML file for each {kind.name}" if kind.folder else f"the file {kind.path}"
    return Finding(file=kind.path, path=(), value="nothing there", allowed=what, fix=f"add {what}")


def _read_file(view: View, kind: Kind, file: str, value: Plain) -> list[Finding]:
    if not isinstance(value, dict):
        view.lose(kind.name, _stem(file) if kind.folder else None)
        return [Finding(file=file, path=(), value=shown(value), allowed="a mapping", fix="write `key: value` lines")]
    if not kind.keyed:
        return _read_record(view, kind, (file, ()), value, _stem(file) if kind.folder else kind.name)
    findings: list[Finding] = []
    for key, record in value.items():
        findings += _read_record(view, kind, (file, (key,)), record, str(key))
    return findings


def _read_record(view: View, kind: Kind, at: tuple[str, Path], value: Plain, name: str) -> list[Finding]:
    """Read one record, which stands at a file and path and is called `name` by that file or its key."""
    file, path = at
    view.present.setdefault(kind.name, {})[name] = (file, path)
    try:
        text = json.dumps(value, ensure_ascii=True, allow_nan=False)
        record = kind.model.model_validate_json(text)
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=True)
        return [_finding(kind, file, path, value, detail) for detail in details]
    except (ValueError, RecursionError) as error:
        return [Finding(file=file, path=path, value=shown(str(error)), allowed="plain values", fix="write it plainly")]
    findings = []
    if kind.id_field and str(getattr(record, "id", None)) != name:
        what = "the file's name without .yaml" if kind.folder else "its key"
        findings.append(
            Finding(
                file=file,
                path=(*path, "id"),
                value=shown(str(getattr(record, "id", None))),
                allowed=f"{what}: {name}",
                fix=f"make the id and {what} the same",
            )
        )
    _keep(view, kind, name, record)
    return findings


def _keep(view: View, kind: Kind, name: str, record: Model) -> None:
    """Keep a record under the name by which others refer to it."""
    if kind.name in ("environment", "operation"):
        if name in set(EnvironmentName):
            view.records.setdefault(kind.name, {})[EnvironmentName(name)] = record
        return
    view.records.setdefault(kind.name, {})[name] = record


def _stem(file: str) -> str:
    return file.rsplit("/", 1)[-1].removesuffix(".yaml")


def _finding(kind: Kind, file: str, path: Path, value: Plain, detail: ErrorDetails) -> Finding:
    """Say one pydantic error in the catalogue's own words."""
    steps = tuple(step for step in detail["loc"] if step != "[key]")
    of_key = "[key]" in detail["loc"]
    name = str(steps[-1]) if steps else ""
    where = (*path, *steps)
    error = detail["type"]
    if error == "missing":
        return Finding(file=file, path=where, value="nothing", allowed=f"{name} is required", fix=f"add {name}")
    if error == "extra_forbidden":
        fields = _fields(kind.model, steps[:-1])
        allowed = f"only {', '.join(fields)}" if fields else "no such key"
        fix = nearest(name, fields, "remove it")
        return Finding(file=file, path=where, value=shown_text(f"the key {name}"), allowed=allowed, fix=fix)
    found = f"the key {name}" if of_key else shown(_at(value, steps))
    allowed = _allowed(detail)
    choices = re.findall(r"'([^']*)'", allowed) if error in ("enum", "literal_error") else []
    fix = nearest(name if of_key else str(_at(value, steps)), choices, _fix(error))
    return Finding(file=file, path=where, value=found, allowed=allowed, fix=fix)


def _allowed(detail: ErrorDetails) -> str:
    message = detail["msg"]
    for prefix in ("Input should be ", "Value should be ", "Input should "):
        message = message.removeprefix(prefix)
    return shown_text(message[0].lower() + message[1:])


def _fix(error: str) -> str:
    """Say how to mend a pydantic error by its type; the commonest slips get their own words."""
    return {
        "string_type": "quote it, so that it is text",
        "int_type": "write a whole number without quotes",
        "float_type": "write a number without quotes",
        "bool_type": "write true or false without quotes",
        "tuple_type": "write a list: [a, b]",
        "dict_type": "write a mapping of keys to values",
        "model_type": "write a mapping of keys to values",
        "model_attributes_type": "write a mapping of keys to values",
        "string_pattern_mismatch": "rewrite it to match",
    }.get(error, "write an allowed value")


def _at(value: Plain, steps: Path) -> Plain:
    """Give the value at a path, None where the path leaves the value."""
    for step in steps:
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def _fields(annotation: Plain, steps: Path) -> list[str]:
    """Give the field names of the model that stands at a path below a type, none where there is no model."""
    if isinstance(annotation, type) and issubclass(annotation, Model):
        if not steps:
            return list(annotation.model_fields)
        field = annotation.model_fields.get(str(steps[0]))
        return _fields(field.annotation, steps[1:]) if field else []
    origin: Plain = get_origin(annotation)
    arguments = get_args(annotation)
    if origin is dict and steps:
        return _fields(arguments[1], steps[1:])
    if origin is tuple and steps:
        return _fields(arguments[0], steps[1:])
    return []

"""Reads resource types out of an installed Pulumi SDK, without importing it.

Guarantees that the description is the SDK's own: names, required ones, nested classes and enums come from its generated
source, a class at a time, so that neither a 1.5 MB module is parsed nor a 200 MB package imported. Enums that the SDK
itself widens to any string (`Union[str, Enum]`) are closed for azure-native, whose lists come from the service's own
description, and open elsewhere, where they are hand-made and incomplete. Does not follow types that are not asked for.
"""

from __future__ import annotations

import ast
import importlib.metadata
import importlib.util
import json
import re
import threading
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from nautilus.sandbox import whole
from nautilus.sandbox.schema import Kind, Property, ResourceType, Shape, dump, parse

_CLASS: Final = re.compile(r"^class (\w+)\b", re.MULTILINE)
_TOP: Final = re.compile(r"^(?=[^\s#)])", re.MULTILINE)
_GETTER: Final = re.compile(r'@pulumi\.getter(?:\(name="(\w+)"\))?\n\s+def (\w+)\(')
_TABLE: Final = re.compile(r'resource_modules="""\n(.*?)\n"""', re.DOTALL)
_PARSING: Final = threading.Lock()
_SCALARS: Final = {"str": Kind.STRING, "int": Kind.INTEGER, "float": Kind.NUMBER, "bool": Kind.BOOLEAN, "Any": Kind.ANY}
_ASSETS: Final = frozenset({"Asset", "Archive", "AssetOrArchive"})
_TRANSPARENT: Final = frozenset({"Input", "InputType", "Optional"})
_CLOSED: Final = frozenset({"azure-native"})
FORMAT: Final = 1
"""Raise it when the description on disk changes its form."""


class SchemaError(Exception):
    """The SDK does not describe this type, or describes it in a way that this reader does not know."""


class Sdk:
    """One installed SDK. `cache` is a folder for descriptions, None for none."""

    def __init__(self, package: str, module: str, cache: Path | None = None) -> None:
        spec = importlib.util.find_spec(module)
        if spec is None or not spec.submodule_search_locations:
            raise SchemaError(f"the SDK {module} is not installed: install the project's dependencies")
        self.package = package
        self.root = Path(spec.submodule_search_locations[0])
        self.version = importlib.metadata.version(module)
        self._cache = None if cache is None else cache / f"{package}-{self.version}-{FORMAT}"
        self._table: dict[str, tuple[Path, str]] | None = None

    def resource(self, token: str) -> ResourceType:
        """The description of a type or, for `pulumi:providers:<package>`, of the provider's configuration. Raises
        SchemaError."""
        kept = None if self._cache is None else self._cache / (re.sub(r"\W+", "_", token) + ".json")
        if kept is not None and kept.exists():
            return parse(json.loads(kept.read_text()))
        found = self._read(token)
        if kept is not None:
            kept.parent.mkdir(parents=True, exist_ok=True)
            whole.write(kept, json.dumps(dump(found)))
        return found

    def tokens(self) -> frozenset[str]:
        """Every resource type of the SDK."""
        return frozenset(self._modules())

    def _modules(self) -> Mapping[str, tuple[Path, str]]:
        if self._table is None:
            match = _TABLE.search((self.root / "__init__.py").read_text())
            if match is None:
                raise SchemaError(f"{self.root.name} has no table of resource modules")
            self._table = {
                token: (self.root.joinpath(*entry["fqn"].split(".")[1:]), name)
                for entry in json.loads(match.group(1))
                for token, name in entry["classes"].items()
            }
        return self._table

    def _read(self, token: str) -> ResourceType:
        if token == f"pulumi:providers:{self.package}":
            folder, name, file = self.root, "Provider", self.root / "provider.py"
        else:
            if token not in self._modules():
                raise SchemaError(f"{self.root.name} {self.version} has no type {token}")
            folder, name = self._modules()[token]
            file = _file_of(folder, name)
        reader = _Reader(self.root, self.package in _CLOSED)
        args = f"{name}Args" if _source(file, f"{name}Args") is not None else f"{name}InitArgs"
        inputs = reader.properties(file, args, folder)
        outputs = [wire or snake for wire, snake in _GETTER.findall(_source(file, name) or "")]
        reader.finish()
        return ResourceType(
            token=token, inputs=inputs, computed=tuple(sorted(set(outputs) - set(inputs))), objects=reader.objects
        )


class _Reader:
    """Follows one type's nested classes."""

    def __init__(self, root: Path, closed: bool) -> None:
        self.root = root
        self.closed = closed
        self.objects: dict[str, Mapping[str, Property]] = {}
        self._todo: dict[str, tuple[Path, str]] = {}

    def properties(self, file: Path, name: str, folder: Path) -> dict[str, Property]:
        source = _source(file, name)
        if source is None:
            raise SchemaError(f"no class {name} in {file.relative_to(self.root.parent)}")
        body = _parsed(source)
        names = {snake: wire or snake for wire, snake in _GETTER.findall(source)}
        if not isinstance(body, ast.ClassDef):
            raise SchemaError(f"{name} in {file.name} is not a class")
        init = next((item for item in body.body if isinstance(item, ast.FunctionDef) and item.name == "__init__"), None)
        if init is None:
            return {}
        return {
            names.get(arg.arg, arg.arg): Property(shape=self._shape(arg.annotation, folder), required=default is None)
            for arg, default in zip(init.args.kwonlyargs, init.args.kw_defaults, strict=True)
        }

    def finish(self) -> None:
        while self._todo:
            ref, (folder, name) = self._todo.popitem()
            self.objects[ref] = self.properties(folder / "_inputs.py", name, folder)

    def _shape(self, node: ast.expr | None, folder: Path) -> Shape:  # noqa: PLR0911 - one return a form
        match node:
            case ast.Constant(value=str(name)):
                return self._named(name, folder)
            case ast.Name(id=name) | ast.Attribute(attr=name) if name in _SCALARS:
                return Shape(kind=_SCALARS[name])
            case ast.Attribute(attr=name) if name in _ASSETS:
                return Shape(kind=Kind.ASSET)
            case ast.Subscript(value=ast.Name(id=name) | ast.Attribute(attr=name), slice=inner):
                if name in _TRANSPARENT:
                    return self._shape(inner, folder)
                if name == "Sequence":
                    return Shape(kind=Kind.LIST, of=self._shape(inner, folder))
                if name == "Mapping" and isinstance(inner, ast.Tuple):
                    return Shape(kind=Kind.MAP, of=self._shape(inner.elts[1], folder))
                if name == "Union" and isinstance(inner, ast.Tuple):
                    return self._union(inner, folder)
        raise SchemaError(f"unknown annotation {ast.unparse(node) if node else None}")

    def _union(self, node: ast.Tuple, folder: Path) -> Shape:
        shapes: list[Shape] = []
        for item in node.elts:
            if isinstance(item, ast.Constant) and str(item.value).endswith("ArgsDict"):
                continue
            shape = self._shape(item, folder)
            shapes.extend(shape.options if shape.kind is Kind.UNION else (shape,))
        enums = [shape for shape in shapes if shape.kind is Kind.ENUM]
        if enums and any(shape.kind is Kind.STRING for shape in shapes):
            shapes = [s for s in shapes if s.kind is not (Kind.STRING if self.closed else Kind.ENUM)]
        unique = tuple(dict.fromkeys(shapes))
        return unique[0] if len(unique) == 1 else Shape(kind=Kind.UNION, options=unique)

    def _named(self, name: str, folder: Path) -> Shape:
        if "." in name:
            qualifier, name = name.rsplit(".", 1)
            bare = qualifier.lstrip("_")
            folder = (
                self.root if bare.startswith("root") or bare in {"inputs", "enums"} else self.root / bare.replace(".", "/")
            )
        if not name.endswith("Args"):
            for place in (folder, self.root):
                values = _enum(place / "_enums.py", name)
                if values:
                    return Shape(kind=Kind.ENUM, values=values)
            # A reference to another resource (`role: Union[str, Role]`) goes over the wire as its id.
            return Shape(kind=Kind.STRING)
        place = folder if _source(folder / "_inputs.py", name) is not None else self.root
        ref = f"{place.relative_to(self.root)}:{name}"
        if ref not in self.objects:
            self._todo[ref] = (place, name)
        return Shape(kind=Kind.OBJECT, ref=ref)


def _file_of(folder: Path, name: str) -> Path:
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()
    likely = folder / f"{snake}.py"
    if likely.exists() and _source(likely, name) is not None:
        return likely
    for file in sorted(folder.glob("*.py")):
        if not file.name.startswith("_") and _source(file, name) is not None:
            return file
    raise SchemaError(f"no file of {folder.name} holds the class {name}")


def _enum(file: Path, name: str) -> tuple[Any, ...]:
    source = _source(file, name)
    if source is None:
        return ()
    body = _parsed(source)
    items = body.body if isinstance(body, ast.ClassDef) else []
    return tuple(item.value.value for item in items if isinstance(item, ast.Assign) and isinstance(item.value, ast.Constant))


@lru_cache(maxsize=4)
def _text(file: Path) -> tuple[str, dict[str, int]]:
    if not file.exists():
        return "", {}
    content = file.read_text()
    return content, {match.group(1): match.start() for match in _CLASS.finditer(content)}


def _parsed(source: str) -> ast.stmt:
    """Give the first statement of a source, one thread at a time.

    CPython 3.11 counts the depth of trees that it makes in one place for all threads: two at once end in SystemError.
    """
    with _PARSING:
        return ast.parse(source).body[0]


def _source(file: Path, name: str) -> str | None:
    content, starts = _text(file)
    if name not in starts:
        return None
    start = starts[name]
    end = _TOP.search(content, start + 1)
    return content[start : end.start() if end else len(content)]


def forget() -> None:
    """Gives back the memory of the SDK's source; called when a sandbox has read its rows' types."""
    _text.cache_clear()

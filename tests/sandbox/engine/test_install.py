"""The engine is found, made once and kept, or its absence is one line that says what to install."""

from __future__ import annotations

import json
import re
import subprocess
import urllib.error
from pathlib import Path

import pytest

from nautilus.sandbox.engine import install as engine
from nautilus.sandbox.engine.__main__ import main


def executable(folder: Path, name: str, script: str = "") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def whole(folder: Path, version: str = engine.VERSION) -> None:
    for name in engine.NEEDED:
        executable(folder, name, f"echo v{version}")


@pytest.fixture
def bare_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH of one empty folder, with the installer out of reach."""
    folder = tmp_path / "path"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))

    def refused(*_: object, **__: object) -> None:
        raise urllib.error.URLError("no way out")

    monkeypatch.setattr(engine.urllib.request, "urlopen", refused)
    return folder


def said() -> tuple[list[str], engine.Say]:
    lines: list[str] = []
    return lines, lines.append


def test_the_module_and_the_installer_are_pinned_to_one_version() -> None:
    module = (engine.HERE / "go.mod").read_text()
    pinned = re.findall(r"github\.com/pulumi/pulumi/(?:pkg|sdk)/v3 v(\S+)", module)
    assert pinned
    assert set(pinned) == {engine.VERSION}


def test_a_whole_new_enough_engine_on_path_is_taken(bare_path: Path, tmp_path: Path) -> None:
    whole(bare_path, "3.999.1")
    found = engine.install(tmp_path / "engine", said()[1])
    assert (found.way, found.version, found.bin) == ("PATH", "3.999.1", bare_path)
    assert not (tmp_path / "engine").exists()


@pytest.mark.parametrize("version", ["3.249.9", "2.999.0"])
def test_an_old_engine_on_path_is_passed_over(bare_path: Path, version: str) -> None:
    whole(bare_path, version)
    assert engine.on_path() is None


@pytest.mark.parametrize("missing", engine.NEEDED)
def test_an_engine_on_path_that_lacks_a_part_is_passed_over(bare_path: Path, missing: str) -> None:
    whole(bare_path)
    (bare_path / missing).unlink()
    assert engine.on_path() is None


def test_an_engine_on_path_that_does_not_run_is_passed_over(bare_path: Path) -> None:
    whole(bare_path)
    executable(bare_path, "pulumi", "exit 3")
    assert engine.on_path() is None


def test_what_was_made_before_is_kept_until_a_pin_changes(
    bare_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "engine"
    whole(folder / "bin")
    record = {"bin": "bin", "version": engine.VERSION, "way": "pinned Go module", "seconds": 1.0, "pins": engine.pins()}
    (folder / "engine.json").write_text(json.dumps(record))
    assert engine.install(folder, said()[1]).way == "cache (pinned Go module)"

    monkeypatch.setattr(engine, "VERSION", "3.251.0")
    assert engine.cached(folder) is None
    assert bare_path.exists()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pins": 1}'])
def test_a_damaged_record_is_no_cache(tmp_path: Path, text: str) -> None:
    whole(tmp_path / "bin")
    (tmp_path / "engine.json").write_text(text)
    assert engine.cached(tmp_path) is None


def test_a_build_is_put_into_place_as_a_whole(bare_path: Path, tmp_path: Path) -> None:
    sdk = tmp_path / "module" / "python"
    for place in ("cmd/pulumi-language-python-exec", "dist/pulumi-resource-pulumi-python"):
        executable((sdk / place).parent, Path(place).name)
    executable(
        bare_path,
        "go",
        f'case "$1" in list) echo {tmp_path / "module"};; build) '
        f'while [ "$1" != -o ]; do shift; done; printf "#!/bin/sh\\necho v{engine.VERSION}\\n" > "$2";; esac',
    )
    (bare_path / "sh").symlink_to("/bin/sh")
    lines, say = said()

    made = engine.install(tmp_path / "engine", say)

    assert made.way == "pinned Go module"
    assert all((made.bin / name).stat().st_mode & 0o111 for name in engine.NEEDED)
    assert any("official installer does not work here: https://get.pulumi.com is out of reach" in line for line in lines)
    assert engine.install(tmp_path / "engine", say).way == "cache (pinned Go module)"


def test_a_machine_with_none_of_the_ways_gets_one_line(
    bare_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    executable(bare_path, "go", "echo module proxy out of reach >&2; exit 1")
    monkeypatch.setattr("sys.argv", ["engine", str(tmp_path / "engine")])

    assert main() == 1

    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert f"put pulumi >= {engine.VERSION} on PATH, or install Go" in error
    assert "module proxy out of reach" in error
    assert not (tmp_path / "engine" / "engine.json").exists()


def test_go_comes_as_a_package_where_there_is_none(bare_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []

    def installed(command: list[str], *_: object) -> str:
        asked.append(command)
        executable(tmp_path / "engine" / "go" / "go" / "bin", "go")
        return ""

    monkeypatch.setattr(engine, "_run", installed)
    program = engine._go(tmp_path / "engine", said()[1])

    assert Path(program) == tmp_path / "engine" / "go" / "go" / "bin" / "go"
    assert "--require-hashes" in asked[0]
    assert bare_path.exists()


def test_a_step_that_takes_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "SIGN_OF_LIFE_S", 1.0)
    executable(tmp_path, "slow", "exec sleep 60")
    with pytest.raises(engine.EngineError, match="slow took longer than 0 s"):
        engine._run([str(tmp_path / "slow"), "build"], tmp_path, said()[1], limit_s=0)


def test_the_language_host_is_formatted_and_vetted() -> None:
    go = engine.shutil.which("go")
    if go is None:
        assert engine.on_path() is not None or engine.cached(Path(".nautilus/engine")) is not None
        return
    gofmt = Path(go).with_name("gofmt")
    done = subprocess.run([gofmt, "-l", engine.HERE / "languagehost"], capture_output=True, text=True, check=True)
    assert done.stdout == ""

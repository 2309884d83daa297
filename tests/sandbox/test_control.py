"""A sandbox's process: started once, found again, stopped at once, and never with what is not its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from nautilus.sandbox import __main__ as command
from nautilus.sandbox import control, guard
from nautilus.sandbox.control import ControlError, Status
from nautilus.sandbox.guard import NotOurs
from nautilus.sandbox.handler import Fidelity
from nautilus.sandbox.ledger import FILE, Ledger
from nautilus.sandbox.process import STATUS
from tests.sandbox.conftest import TINY


def test_it_starts_once_and_stops(home: Path) -> None:
    first = control.start(home, TINY)
    assert control.start(home, TINY) == first
    assert control.status(home) == first
    assert first.ports.keys() == {"aws"}
    assert first.resources == 0
    assert control.stop(home)
    assert control.status(home) is None
    assert not control.stop(home)
    assert not control.stop(home.with_name("nowhere"))


def test_the_ports_stay_over_a_restart(home: Path) -> None:
    first = control.start(home, TINY)
    control.stop(home)
    second = control.start(home, TINY)
    control.stop(home)
    assert second.ports == first.ports
    assert second.pid != first.pid


def test_many_starts_make_one_process(home: Path) -> None:
    found: list[Status] = []
    threads = [threading.Thread(target=lambda: found.append(control.start(home, TINY))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    control.stop(home)
    assert len({status.pid for status in found}) == 1


def test_a_second_server_leaves(sandbox: Status) -> None:
    arguments = [sys.executable, "-m", "nautilus.sandbox", "serve", "--home", str(sandbox.home), "--package", *TINY]
    second = subprocess.run(arguments, capture_output=True, text=True, timeout=30, check=False)
    assert second.returncode == 1
    assert "another process serves" in second.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_leaves_on_a_signal(sandbox: Status, number: signal.Signals) -> None:
    os.kill(sandbox.pid, number)
    assert os.waitstatus_to_exitcode(os.waitpid(sandbox.pid, 0)[1]) == 0
    assert not (sandbox.home / STATUS).exists()


def test_it_comes_back_after_a_kill(sandbox: Status) -> None:
    os.kill(sandbox.pid, signal.SIGKILL)
    os.waitpid(sandbox.pid, 0)
    assert control.status(sandbox.home) is None
    assert control.start(sandbox.home, TINY).pid != sandbox.pid


def test_a_process_with_an_old_id_is_not_stopped(home: Path) -> None:
    control.start(home, TINY)
    control.stop(home)
    bystander = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        data = {"pid": bystander.pid, "started": "1", "ports": {}, "endpoints": {}}
        (home / STATUS).write_text(json.dumps(data))
        assert control.status(home) is None
        assert not control.stop(home)
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


def test_the_environment_leads_to_the_sandbox_and_blanks_the_rest(sandbox: Status) -> None:
    environment = control.environment(sandbox.home)
    assert environment["PULUMI_BACKEND_URL"] == f"file://{sandbox.home}/state?metadata=skip"
    assert environment["PULUMI_DEBUG_PROVIDERS"] == f"aws:{sandbox.ports['aws']}"
    assert environment["NAUTILUS_SANDBOX"] == "1"
    assert len(environment["PULUMI_CONFIG_PASSPHRASE"]) == 32
    assert {environment[name] for name in (*guard.CREDENTIAL_VARIABLES, *guard.AMBIENT_VARIABLES)} == {""}


def test_there_is_no_environment_without_a_sandbox(home: Path) -> None:
    with pytest.raises(NotOurs, match="has no marker"):
        control.environment(home)
    guard.claim(home)
    with pytest.raises(ControlError, match="start it first"):
        control.environment(home)


def test_it_does_not_take_credentials_over(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "canary")
    status = control.start(home, TINY)
    variables = Path(f"/proc/{status.pid}/environ").read_bytes()
    control.stop(home)
    assert b"canary" not in variables


def test_it_does_not_serve_with_credentials(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "canary")
    assert command.main(["serve", "--home", str(home), "--package", *TINY]) == 1
    assert capsys.readouterr().err == (
        "sandbox: the sandbox does not run with credentials in its environment: unset AWS_SECRET_ACCESS_KEY\n"
    )


def test_a_ledger_of_another_sandbox_is_refused(home: Path) -> None:
    guard.claim(home)
    ledger = Ledger(home)
    ledger.marker("someone else's")
    ledger.close()
    with pytest.raises(ControlError, match=r"the ledger in .* belongs to another sandbox"):
        control.start(home, TINY)
    assert (home / FILE).exists()


def test_a_broken_package_is_reported(home: Path) -> None:
    with pytest.raises(ControlError, match="is not a package of the sandbox"):
        control.start(home, ["tests.sandbox.tiny_cloud:NOBODY"])


def test_counts_need_no_process(home: Path) -> None:
    assert control.fidelity_counts(home) == dict.fromkeys(Fidelity, 0)


def test_the_command(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["start", "--home", str(home), "--package", *TINY]) == 0
    assert command.main(["status", "--home", str(home)]) == 0
    assert command.main(["env", "--home", str(home)]) == 0
    assert command.main(["stop", "--home", str(home)]) == 0
    assert command.main(["status", "--home", str(home)]) == 1
    assert command.main(["env", "--home", str(home)]) == 1
    out = capsys.readouterr().out.splitlines()
    assert out[0] == out[1]
    assert out[0].startswith("serving aws:")
    assert "export NAUTILUS_SANDBOX=1" in out
    assert out[-2:] == ["stopped", "not running"]

"""The resident process: one port a package on the loopback, until it is told to stop.

Guarantees that one home has one process at most, that it serves nothing before everything is ready, and that on SIGTERM
or SIGINT it leaves at once with the ledger closed. Does not start itself: `control` does.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from concurrent import futures
from pathlib import Path
from typing import Any, Final

import grpc
from pulumi.runtime.proto import provider_pb2_grpc

from nautilus.sandbox import extract, guard, packages, whole
from nautilus.sandbox.faults import Injector
from nautilus.sandbox.handler import Package
from nautilus.sandbox.ledger import Ledger
from nautilus.sandbox.operations import Operations
from nautilus.sandbox.provider import Provider

LOG: Final = logging.getLogger("nautilus.sandbox")
STATUS: Final = "sandbox.json"
PORTS: Final = "ports.json"
LOCK: Final = "sandbox.lock"
HOST: Final = "127.0.0.1"
_THREADS: Final = 24
"""Two cores are busy long before; the rest are calls that wait for a package's own lock."""
_STOP_S: Final = 0.1
_LARGEST_MESSAGE: Final = 400 * 1024 * 1024


def serve(home: Path, names: Iterable[str]) -> int:
    """Serves until a signal comes; 0 after one, 1 when another process has the home. Raises NotOurs and BadPackage."""
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for chatty in ("werkzeug", "botocore", "urllib3"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    guard.refuse_environment(os.environ)
    marker = guard.claim(home)
    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    with _alone(home) as alone:
        if not alone:
            LOG.error("another process serves %s", home)
            return 1
        ledger = Ledger(home)
        if ledger.marker(marker.sandbox) != marker.sandbox:
            raise guard.NotOurs(f"the ledger in {home} belongs to another sandbox")
        served = packages.load(names)
        endpoints = _start(home, served, ledger)
        servers, ports = _listen(home, served, ledger)
        _publish(home, ports, endpoints)
        LOG.info("serving %s", ports)
        told.wait()
        for server in servers:
            server.stop(0)
        _end(served)
        (home / STATUS).unlink(missing_ok=True)
        ledger.close()
    # Threads of an emulator's server may still run; nothing is left for them to do.
    logging.shutdown()
    os._exit(0)


def started_at(pid: int) -> str:
    """What tells a process from a later one with the same id: its start time; empty where there is no such process."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""


def _start(home: Path, served: Iterable[Package], ledger: Ledger) -> dict[str, str]:
    endpoints: dict[str, str] = {}
    for package in served:
        if package.start is not None:
            endpoints.update(package.start(home, ledger.of_package(package.name)))
    return endpoints


def _end(served: Iterable[Package]) -> None:
    """Tells every package to stop, and waits for none longer than a moment: the process ends right after."""
    for package in served:
        if package.stop is not None:
            thread = threading.Thread(target=package.stop, daemon=True)
            thread.start()
            thread.join(_STOP_S)


def _listen(home: Path, served: Iterable[Package], ledger: Ledger) -> tuple[list[Any], dict[str, int]]:
    executor = futures.ThreadPoolExecutor(max_workers=_THREADS)
    faults = Injector(home)
    faults.current()
    before = _ports_before(home)
    servers: list[Any] = []
    ports: dict[str, int] = {}
    warmed: list[Operations] = []
    for package in served:
        sdk = extract.Sdk(package.name, package.sdk, home / "schema")
        server = grpc.server(
            executor,
            options=(
                ("grpc.so_reuseport", 0),
                ("grpc.max_receive_message_length", _LARGEST_MESSAGE),
                ("grpc.max_send_message_length", _LARGEST_MESSAGE),
            ),
        )
        operations = Operations(package, sdk, ledger, faults)
        warmed.append(operations)
        provider_pb2_grpc.add_ResourceProviderServicer_to_server(Provider(operations), server)
        wanted = before.get(package.name, 0)
        ports[package.name] = server.add_insecure_port(f"{HOST}:{wanted if wanted and _free(wanted) else 0}")
        server.start()
        servers.append(server)
    threading.Thread(target=_warm, args=(warmed,), daemon=True).start()
    return servers, ports


def _warm(everything: Iterable[Operations]) -> None:
    """Reads all types while the first engine still starts, then gives back the memory of the SDKs' sources."""
    for operations in everything:
        operations.warm()
    extract.forget()


def _ports_before(home: Path) -> Mapping[str, int]:
    """The ports of the last start: kept where free, so that an environment that was handed out stays good."""
    try:
        data: dict[str, int] = json.loads((home / PORTS).read_text())
    except (OSError, ValueError):
        return {}
    return data


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _publish(home: Path, ports: Mapping[str, int], endpoints: Mapping[str, str]) -> None:
    pid = os.getpid()
    whole.write(home / PORTS, json.dumps(ports))
    status = {"pid": pid, "started": started_at(pid), "ports": ports, "endpoints": endpoints}
    whole.write(home / STATUS, json.dumps(status))


@contextlib.contextmanager
def _alone(home: Path) -> Iterator[bool]:
    with (home / LOCK).open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True

"""One moto for the whole process, read by our rows in memory and by any boto3 client over HTTP.

Guarantees that both see the same state, that every call names its account and region, that one operation runs at a time,
and that what is created under a seed gets the same ids every time. It holds nothing on disk: `replay` fills it again.
"""

from __future__ import annotations

import functools
import hashlib
import os
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, cast

import botocore
import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError, ParamValidationError
from moto.backends import get_backend
from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.botocore_stubber import BotocoreStubber
from moto.moto_api._internal import mock_random
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from moto.utilities.utils import get_partition
from werkzeug.serving import BaseWSGIServer, make_server

from nautilus.sandbox.aws import patches
from nautilus.sandbox.handler import Refused, Value

LOCK: Final = threading.RLock()
"""Held over every operation: moto is not made for threads, and a seed must not be spent by somebody else."""

_REGIONAL: Final = ("ec2", "kms", "eks", "logs", "elbv2", "sns", "cloudwatch", "events")
_GLOBAL: Final = ("iam", "s3", "route53")
_FIRST: Final = (DEFAULT_ACCOUNT_ID, "us-east-1")
_RETRYABLE: Final = frozenset({"Throttling", "ThrottlingException", "RequestLimitExceeded"})
_STUB: Final = BotocoreStubber()
_STUB.enabled = True


@functools.cache
def session() -> Value:
    """Give the one botocore session, which reads no profile, no credentials and no files of the user."""
    made = botocore.session.Session()
    for variable in ("config_file", "credentials_file"):
        made.set_config_variable(variable, os.devnull)
    made.set_config_variable("profile", None)
    return made


@functools.cache
def regions() -> frozenset[str]:
    """Give every AWS region of every partition, as botocore's endpoint data lists them."""
    partitions = session().get_available_partitions()
    return frozenset(name for partition in partitions for name in session().get_available_regions("ec2", partition))


@functools.cache
def client(service: str, account: str, region: str) -> Value:
    """Give the boto client of a service in an account and region; its calls never leave the process."""
    options: dict[str, Any] = {
        "signature_version": botocore.UNSIGNED,
        "retries": {"max_attempts": 0},
        "ignore_configured_endpoint_urls": True,
        "max_pool_connections": 1,
    }
    config = Config(**options)
    with LOCK:
        made = session().create_client(service, region_name=region, config=config)

    def answer(request: Value, **_: Value) -> Value:
        request.headers["x-moto-account-id"] = account
        return _STUB("before-send", request)

    made.meta.events.register("before-send", answer)
    return made


def call(service: str, operation: str, account: str, region: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """Run one operation (`create_vpc`) and give its answer; raises Refused with AWS's own error code.

    A place that is only looked at, as a preview does, is furnished as one in which something is made.
    """
    with LOCK:
        _furnish(account, region)
        try:
            return cast("dict[str, Any]", getattr(client(service, account, region), operation)(**params))
        except ClientError as error:
            code = error.response["Error"]["Code"]
            raise Refused(error.response["Error"]["Message"], code=code, retryable=code in _RETRYABLE) from error
        except ParamValidationError as error:
            raise Refused(str(error), code="ParamValidationError") from error


def backend(service: str, account: str, region: str) -> Value:
    """Give moto's own state of a service, for what its interface cannot set."""
    return get_backend(cast("Any", service))[account][region]


@contextmanager
def seeded(seed: str, account: str, region: str) -> Iterator[None]:
    """Make every id created inside depend on `seed` alone; chance goes on as usual afterwards.

    The account's and region's own furniture (default VPC) is put there first, under its own seed, so that it does not
    spend the caller's.
    """
    with LOCK:
        _furnish(account, region)
        mock_random.seed(_number(seed))
        try:
            yield
        finally:
            mock_random.seed()


def digest(*parts: str) -> str:
    """Give 64 hexadecimal digits that depend on the parts alone, for ids that moto does not make."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


_servers: list[BaseWSGIServer] = []


def serve() -> str:
    """Serve moto's state over HTTP on a free port of the loopback and give the address. A second call gives the same."""
    with LOCK:
        if not _servers:
            server = make_server("127.0.0.1", 0, _Serialised(), threaded=True, request_handler=_Quiet)
            threading.Thread(target=server.serve_forever, name="moto", daemon=True).start()
            _servers.append(server)
        return f"http://127.0.0.1:{_servers[0].server_port}"


def close() -> None:
    """Close the HTTP endpoint; without effect where none is open."""
    with LOCK:
        for server in _servers:
            server.shutdown()
            server.server_close()
        _servers.clear()


def reset() -> None:
    """Empty every account and region that was touched, as a fresh process would be."""
    with LOCK:
        for service in (*_REGIONAL, *_GLOBAL, "sts"):
            backends = get_backend(cast("Any", service))
            if service == "s3":
                backends.bucket_accounts.clear()
            for places in backends.values():
                places.clear()
        _furnished.clear()
        mock_random.seed()


class _Serialised:
    """Moto's own web application, one request at a time and never amid one of our operations."""

    def __init__(self) -> None:
        self._application = DomainDispatcherApplication(create_backend_app)

    def __call__(self, environ: dict[str, Any], start_response: Value) -> Iterable[bytes]:
        with LOCK:
            return cast("Iterable[bytes]", self._application(environ, start_response))


class _Quiet(MotoRequestHandler):  # type: ignore[misc]  # moto brings no types
    def log(self, type: str, message: str, *args: Value) -> None:  # noqa: A002 - werkzeug's own name
        """Say nothing: the sandbox logs its own operations."""


_furnished: set[tuple[str, str]] = set()


def _furnish(account: str, region: str) -> None:
    if (account, region) in _furnished:
        return
    if (account, region) != _FIRST:
        # Moto itself touches this account on the first call of a service, amid whatever is created then.
        _furnish(*_FIRST)
    places = [(service, region) for service in _REGIONAL] + [(service, get_partition(region)) for service in _GLOBAL]
    spent = mock_random.getstate()
    for service, place in places:
        mock_random.seed(_number(digest(service, account, place)))
        backend(service, account, place)
    mock_random.setstate(spent)
    _furnished.add((account, region))


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")


patches.apply()

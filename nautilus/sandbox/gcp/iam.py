"""IAM: service accounts, and memberships of projects and service accounts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from nautilus.sandbox.gcp import rules
from nautilus.sandbox.gcp.links import address, digest, known, number
from nautilus.sandbox.gcp.row import Row
from nautilus.sandbox.handler import Problem, Request

_ACCOUNT: Final = re.compile(r"[a-z](?:[-a-z0-9]{4,28}[a-z0-9])")
_PROJECT: Final = re.compile(r"[a-z][a-z0-9-]{4,28}[a-z0-9]")
_AGENTS: Final = {
    "storage.googleapis.com": "gs-project-accounts",
    "compute.googleapis.com": "compute-system",
    "container.googleapis.com": "container-engine-robot",
}
"""Service agents whose address does not follow from the service's name."""


def _account(request: Request) -> Iterator[Problem]:
    found = known(request, "accountId")
    if isinstance(found, str) and not _ACCOUNT.fullmatch(found):
        yield Problem(
            path="accountId", reason=f"{found} is not 6 to 30 lower-case letters, digits and hyphens, a letter first"
        )


def _project(request: Request) -> Iterator[Problem]:
    found = known(request, "project")
    if isinstance(found, str) and not _PROJECT.fullmatch(found):
        yield Problem(path="project", reason=f"{found} is not a project id")


def _email(request: Request) -> str:
    return f"{request.inputs['accountId']}@{address(request)['project']}.iam.gserviceaccount.com"


def _account_id(request: Request) -> str:
    return f"projects/{address(request)['project']}/serviceAccounts/{_email(request)}"


def _account_outputs(request: Request, made: str) -> Mapping[str, Any]:
    email = _email(request)
    return {"email": email, "member": f"serviceAccount:{email}", "name": made, "uniqueId": number(request.seed)}


def _on_account(request: Request) -> Iterator[Problem]:
    yield from rules.exists(request, "serviceAccountId", known(request, "serviceAccountId"), "service account")


def _identity_outputs(request: Request, _made: str) -> Mapping[str, Any]:
    service = str(request.inputs["service"])
    email = (
        f"service-{number(address(request)['project'])[:12]}@{_AGENTS.get(service, 'gcp-sa-' + service.partition('.')[0])}"
    )
    return {"email": f"{email}.iam.gserviceaccount.com", "member": f"serviceAccount:{email}.iam.gserviceaccount.com"}


def _etag(request: Request, _made: str) -> Mapping[str, Any]:
    return {"etag": digest(request.seed, 12)}


ROWS: Final = (
    Row(
        type="gcp:serviceaccount/account:Account",
        schema="iam.v1:ServiceAccount",
        id=_account_id,
        replace_on="accountId project",
        rules=(_account, _project),
        outputs=_account_outputs,
        defaults="project",
    ),
    Row(
        type="gcp:serviceaccount/iAMMember:IAMMember",
        id="{serviceAccountId}/{role}/{member}",
        replace_on="serviceAccountId role member condition",
        rules=(rules.member, _on_account),
        outputs=_etag,
        defaults="",
        shared=True,
    ),
    Row(
        type="gcp:projects/iAMMember:IAMMember",
        id="{project}/{role}/{member}",
        replace_on="project role member condition",
        rules=(rules.member, _project),
        outputs=_etag,
        defaults="",
        shared=True,
    ),
    Row(
        type="gcp:projects/serviceIdentity:ServiceIdentity",
        id="projects/{project}/services/{service}",
        replace_on="project service",
        rules=(_project,),
        outputs=_identity_outputs,
        defaults="project",
        shared=True,
    ),
)

"""The Google Cloud keys: what is registered, where it lies, and who may use it."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from components.keys.args import KeysArgs, Purpose
from components.keys.gcp import GcpKeys
from config.model import Account, Cloud, KeyProtection, Location, Source

pytestmark = pytest.mark.filterwarnings("ignore:gcp\\..* has been deprecated:DeprecationWarning")
"""The SDK deprecates names of its own while it is imported."""

KEY = "gcp:kms/cryptoKey:CryptoKey"
GRANT = "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember"


@pytest.fixture
def args(key_rules: Any, labels: Any) -> KeysArgs:
    return KeysArgs(
        location=Location(
            id="gcp/us-west2",
            cloud=Cloud.GCP,
            region="us-west2",
            place="Los Angeles",
            country="US",
            jurisdiction="us",
            latitude=34.05,
            longitude=-118.24,
            zones=("us-west2-a", "us-west2-b", "us-west2-c"),
            source=Source(document="a test", verified=False),
        ),
        account=Account(
            id="nautilus-test-us",
            deployer="deployer@nautilus-test-us.iam.gserviceaccount.com",
            administrators="key-administrators@nautilus-test-us.iam.gserviceaccount.com",
            number="100000000001",
        ),
        rules=key_rules,
        purposes=tuple(Purpose),
        labels=labels,
        deletion_protection=True,
    )


def test_all_purposes_in_full(record: Any, golden: Any, args: KeysArgs) -> None:
    golden("gcp_all_purposes", record(lambda: GcpKeys("one", args)).lines())


def test_the_ring_is_regional(record: Any, args: KeysArgs) -> None:
    ring = record(lambda: GcpKeys("one", args)).one("one-ring").inputs
    assert ring == {"name": "one-ring", "location": "us-west2", "project": "nautilus-test-us"}


def test_keys_are_in_hardware_and_rotate(record: Any, args: KeysArgs) -> None:
    for name, key in record(lambda: GcpKeys("one", args)).of(KEY).items():
        assert key["purpose"] == "ENCRYPT_DECRYPT", name
        assert key["rotationPeriod"] == "31536000s", name
        assert key["destroyScheduledDuration"] == "7776000s", name
        assert key["importOnly"] is False, name
        assert key["versionTemplate"] == {"algorithm": "GOOGLE_SYMMETRIC_ENCRYPTION", "protectionLevel": "HSM"}, name
        assert key["labels"]["nautilus-jurisdiction"] == "us", name
        assert key["labels"]["nautilus-purpose"] == name.removeprefix("one-"), name


def test_software_keys_where_the_rules_allow_them(record: Any, args: KeysArgs) -> None:
    soft = dataclasses.replace(args, rules=args.rules.model_copy(update={"protection": KeyProtection.SOFTWARE}))
    seen = record(lambda: GcpKeys("one", soft)).of(KEY)
    assert {key["versionTemplate"]["protectionLevel"] for key in seen.values()} == {"SOFTWARE"}


def test_each_purpose_has_its_own_users(record: Any, args: KeysArgs) -> None:
    agents: dict[str, set[str]] = {}
    for name, grant in record(lambda: GcpKeys("one", args)).of(GRANT).items():
        if grant["role"] == "roles/cloudkms.cryptoKeyEncrypterDecrypter":
            agents.setdefault(name.split("-")[1], set()).add(grant["member"])
    domain = "iam.gserviceaccount.com"
    compute = f"serviceAccount:service-100000000001@compute-system.{domain}"
    container = f"serviceAccount:service-100000000001@container-engine-robot.{domain}"
    assert agents == {
        "cluster": {container},
        "volumes": {compute},
        "logs": {f"serviceAccount:cmek-p100000000001@gcp-sa-logging.{domain}"},
        "data": {f"serviceAccount:service-100000000001@gs-project-accounts.{domain}"},
    }


def test_who_administers_a_key_cannot_decrypt(record: Any, args: KeysArgs) -> None:
    grants = record(lambda: GcpKeys("one", args)).of(GRANT).values()
    roles = {grant["role"] for grant in grants if "key-administrators" in grant["member"]}
    assert roles == {"roles/cloudkms.admin"}


@pytest.mark.parametrize("protected", [True, False])
def test_ring_and_keys_are_protected_as_the_environment_says(record: Any, args: KeysArgs, protected: bool) -> None:
    seen = record(lambda: GcpKeys("one", dataclasses.replace(args, deletion_protection=protected)))
    assert seen.protected() == ({"one-ring", *(f"one-{purpose}" for purpose in Purpose)} if protected else set())


def test_a_key_is_given_only_with_its_grants(record: Any, args: KeysArgs) -> None:
    found: dict[str, str] = {}

    def program() -> None:
        keys = GcpKeys("one", dataclasses.replace(args, purposes=(Purpose.DATA,)))
        keys.keys[Purpose.DATA].apply(lambda key: found.setdefault("data", key))

    record(program)
    assert found == {"data": "one-data-id"}


def test_a_project_without_a_number_is_refused(record: Any, args: KeysArgs) -> None:
    nameless = dataclasses.replace(args, account=args.account.model_copy(update={"number": None}))
    with pytest.raises(ValueError, match="nautilus-test-us has no number"):
        record(lambda: GcpKeys("one", nameless))

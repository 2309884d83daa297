from __future__ import annotations

from typing import Any

import pytest

from tests.fixtures.catalogues import assert_refused, drop, put, values

US = "clusters/nautilus-enterprise-us-east-1.yaml"
DEV = "environments/dev.yaml"
LOCATIONS = "locations.yaml"
POOLS = "node_pools.yaml"
LAW = "jurisdictions/us.yaml"

CASES = [
    pytest.param(US, "tier", "0", ('"0"', "a valid integer", "write a whole number without quotes"), id="text for a number"),
    pytest.param(
        US, "tier", 0.0, ("0.0", "a valid integer", "write a whole number without quotes"), id="float for an integer"
    ),
    pytest.param(US, "tier", True, ("true", "a valid integer", "write a whole number"), id="boolean for an integer"),
    pytest.param(US, "tier", 5, ("5", "less than or equal to 4", "write an allowed value"), id="out of range"),
    pytest.param(
        US, "kubernetes_version", 1.35, ("1.35", "a valid string", "quote it, so that it is text"), id="number for text"
    ),
    pytest.param(US, "kubernetes_version", "1.35.2", ('"1.35.2"', "match pattern", "rewrite it to match"), id="pattern"),
    pytest.param(US, "serves", None, ("nothing (null)", "a valid string", "quote it"), id="null"),
    pytest.param(
        US,
        "group",
        "amricas",
        ('"amricas"', "'americas', 'emea', 'apac', 'edge' or 'analytics'", "did you mean americas?"),
        id="closed set",
    ),
    pytest.param(US, "data_classes.0", "pi", ('"pi"', "'pii', 'financial'", "did you mean pii?"), id="closed set in a list"),
    pytest.param(US, "zones", ["a"], ("the key zones", "only id, group, role", "remove it"), id="unknown key"),
    pytest.param(
        US,
        "placements.main.zone",
        ["a"],
        ("the key zone", "only standby, location, recovery, zones", "did you mean zones?"),
        id="unknown key below a map",
    ),
    pytest.param(
        US,
        "placements.main.zones",
        "us-east-1a",
        ('"us-east-1a"', "a valid array", "write a list: [a, b]"),
        id="text for a list",
    ),
    pytest.param(
        US, "placements", ["a"], ("a list of 1: a", "a", "write a mapping of keys to values"), id="list for a mapping"
    ),
    pytest.param(US, "placements", {}, ("an empty mapping", "have at least 1 item", "write an allowed value"), id="empty"),
    pytest.param(
        US, "placements.main", "a", ('"a"', "an object", "write a mapping of keys to values"), id="text for a record"
    ),
    pytest.param(
        US,
        "owner",
        "Trading Platform",
        ('"Trading Platform"', "match pattern", "rewrite it to match"),
        id="owner is a label",
    ),
    pytest.param(
        US,
        "id",
        "nautilus",
        ('"nautilus"', "the file's name without .yaml: nautilus-enterprise-us-east-1", "make the id and the file's name"),
        id="another file name",
    ),
    pytest.param(
        LOCATIONS,
        "aws/eu-west-3.id",
        "aws/eu-west-2",
        ('"aws/eu-west-2"', "its key: aws/eu-west-3", "make the id and its key the same"),
        id="another key",
    ),
    pytest.param(
        LOCATIONS, "aws/eu-west-3.latitude", 91, ("91", "less than or equal to 90", "write an allowed value"), id="latitude"
    ),
    pytest.param(LOCATIONS, "aws/eu-west-3.country", "fr", ('"fr"', "match pattern", "rewrite it to match"), id="country"),
    pytest.param(
        LAW, "keys.rotation_days", 30, ("30", "greater than or equal to 90", "write an allowed value"), id="rotation"
    ),
    pytest.param(
        LAW,
        "keys.clause.source.verified",
        "yes",
        ('"yes"', "a valid boolean", "write true or false without quotes"),
        id="boolean",
    ),
    pytest.param(
        LAW, "keys.clause.source.read_on", "yesterday", ('"yesterday"', "a valid date", "write an allowed value"), id="date"
    ),
    pytest.param(
        POOLS,
        "trading.taints.0.effect",
        "NoSchedul",
        ('"NoSchedul"', "'NoSchedule', 'PreferNoSchedule' or 'NoExecute'", "did you mean NoSchedule?"),
        id="taint",
    ),
    pytest.param(
        POOLS,
        "trading.tuning.huge_pages",
        1,
        ("the key huge_pages", "only cpu_manager_static", "did you mean huge_pages_2mi?"),
        id="unknown key of an optional record",
    ),
]


@pytest.mark.parametrize(("file", "path", "new", "expected"), CASES)
def test_refuses(file: str, path: str, new: Any, expected: tuple[str, str, str]) -> None:
    catalogue = values()
    put(catalogue[file], path, new)
    value, allowed, fix = expected
    assert_refused(catalogue, file, path.replace(".0", "[0]"), value=value, allowed=allowed, fix=fix)


def test_refuses_an_unknown_key_in_a_list() -> None:
    catalogue = values()
    put(catalogue[POOLS], "trading.taints.0.colour", "red")
    where = "trading.taints[0].colour"
    assert_refused(catalogue, POOLS, where, value="the key colour", allowed="only key, value, effect", fix="remove it")


def test_refuses_a_missing_field() -> None:
    catalogue = values()
    drop(catalogue[US], "placements.main.recovery")
    where = "placements.main.recovery"
    assert_refused(catalogue, US, where, value="nothing", allowed="recovery is required", fix="add recovery")


def test_refuses_a_key_of_a_closed_set() -> None:
    catalogue = values()
    accounts = catalogue[DEV]["accounts"]["us"]
    accounts["azur"] = accounts.pop("azure")
    assert_refused(
        catalogue,
        DEV,
        "accounts.us.azur",
        value="the key azur",
        allowed="'aws', 'gcp' or 'azure'",
        fix="did you mean azure?",
    )


def test_one_bad_record_hides_no_other() -> None:
    catalogue = values()
    put(catalogue[LOCATIONS], "aws/eu-west-3.latitude", "north")
    put(catalogue[LOCATIONS], "gcp/us-west1.longitude", "west")
    assert_refused(
        catalogue, LOCATIONS, "aws/eu-west-3.latitude", value="north", allowed="a valid number", fix="number", count=2
    )
    assert_refused(
        catalogue, LOCATIONS, "gcp/us-west1.longitude", value="west", allowed="a valid number", fix="number", count=2
    )


@pytest.mark.parametrize("value", [[], "text", 3, None], ids=["list", "text", "number", "null"])
@pytest.mark.parametrize("file", [US, LOCATIONS, DEV, "kubernetes.yaml"])
def test_refuses_a_file_that_is_no_mapping(file: str, value: Any) -> None:
    catalogue = values()
    catalogue[file] = value
    assert_refused(catalogue, file, "", value="", allowed="a mapping", fix="write `key: value` lines")


def test_values_from_elsewhere_that_yaml_cannot_write_are_refused() -> None:
    catalogue = values()
    put(catalogue[US], "tier", float("nan"))
    assert_refused(catalogue, US, "", value="not JSON compliant", allowed="plain values", fix="write it plainly")

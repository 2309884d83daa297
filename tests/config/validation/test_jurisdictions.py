from __future__ import annotations

import pytest

from config.loader import from_values
from tests.fixtures.catalogues import TODAY, assert_refused, drop, put, unroute, unsite, values

US = "jurisdictions/us.yaml"
JP = "jurisdictions/jp.yaml"

CASES = [
    pytest.param(
        US,
        "countries.0",
        "us",
        ('"us"', "an ISO 3166-1 alpha-2 code in capitals", "two capital letters"),
        12,
        id="country code",
    ),
    pytest.param(
        US,
        "data_classes.pii.jurisdictions",
        ["us", "*"],
        ("a list of 2: us, *", '"*" alone, or ids', 'keep "*" or the ids'),
        1,
        id="star and ids",
    ),
    pytest.param(
        US,
        "data_classes.financial.jurisdictions.1",
        "can",
        ('"can"', 'a jurisdiction: "*", au, ca', "did you mean ca?"),
        1,
        id="unknown",
    ),
    pytest.param(
        JP,
        "data_classes.financial.jurisdictions",
        ["eu"],
        ("a list of 1: eu", "the home jurisdiction jp among them", "add jp"),
        2,
        id="without home",
    ),
    pytest.param(US, "keys.deletion_window_days", 7, ("7", "at least 30 days (KEY-007)", "write 30"), 1, id="short window"),
    pytest.param(
        US,
        "keys.deletion_window_days",
        90,
        ("90", "at most 30 days, because us has keys on AWS", "write 30"),
        1,
        id="window beyond AWS",
    ),
    pytest.param(
        JP,
        "keys.deletion_window_days",
        90,
        ("90", "at most 30 days, because jp has keys on AWS", "write 30"),
        1,
        id="window beyond the AWS of a standby",
    ),
    pytest.param(
        US,
        "records.trade-and-order.lock_years",
        3,
        ("3", "at least the statute's 6 years", "write 6 or more"),
        1,
        id="lock below statute",
    ),
]


@pytest.mark.parametrize(("file", "path", "new", "expected", "count"), CASES)
def test_refuses(file: str, path: str, new: object, expected: tuple[str, str, str], count: int) -> None:
    catalogue = values()
    unsite(catalogue)
    put(catalogue[file], path, new)
    value, allowed, fix = expected
    shown = path.replace(".0", "[0]").replace(".1", "[1]")
    assert_refused(catalogue, file, shown, value=value, allowed=allowed, fix=fix, count=count)


def test_refuses_a_country_in_two_jurisdictions() -> None:
    catalogue = values()
    put(catalogue[US], "countries", ["US", "CA"])
    assert_refused(
        catalogue,
        US,
        "countries[1]",
        value='"CA"',
        allowed="each country in one jurisdiction; CA is in ca",
        fix="remove CA from us or from ca",
    )


def test_refuses_a_missing_data_class() -> None:
    catalogue = values()
    drop(catalogue[JP], "data_classes.derived")
    assert_refused(
        catalogue,
        JP,
        "data_classes.derived",
        value="nothing",
        allowed="a residency rule for every data class",
        fix="add derived",
    )


def test_a_jurisdiction_without_aws_may_keep_keys_longer() -> None:
    catalogue = values()
    put(catalogue[JP], "keys.deletion_window_days", 90)
    tokyo = catalogue["clusters/nautilus-enterprise-asia-ne-1.yaml"]
    unroute(catalogue, f"{tokyo['id']}-standby")
    drop(tokyo, "placements.standby")
    put(tokyo, "tier", 1)  # which may stand on one cloud
    assert from_values(catalogue, today=TODAY).jurisdictions["jp"].keys.deletion_window_days == 90


def test_raw_indian_data_stays_in_india() -> None:
    india = from_values(values(), today=TODAY).jurisdictions["in"]
    outside = {name.value for name, rule in india.data_classes.items() if rule.jurisdictions != ("in",)}
    assert outside == {"market"}

from __future__ import annotations

import pytest

from tests.fixtures.catalogues import assert_refused, drop, put, values

FILE = "locations.yaml"

CASES = [
    pytest.param(
        "aws/eu-west-3", "cloud", "gcp", ('"gcp"', "aws, as the id aws/eu-west-3 says", "write aws"), 4, id="cloud"
    ),
    pytest.param(
        "aws/eu-west-3",
        "region",
        "eu-west-9",
        ('"eu-west-9"', "eu-west-3, as the id aws/eu-west-3 says", "write eu-west-3"),
        4,
        id="region",
    ),
    pytest.param(
        "aws/eu-west-3",
        "jurisdiction",
        "europe",
        ('"europe"', "a jurisdiction: au, ca, eu", "or null where none is served"),
        1,
        id="unknown jurisdiction",
    ),
    pytest.param(
        "aws/eu-west-3",
        "country",
        "CH",
        ('"CH"', "a country of eu (27 of them)", "correct the country"),
        1,
        id="country outside",
    ),
    pytest.param(
        "aws/eu-west-3",
        "jurisdiction",
        None,
        ("nothing (null)", "eu, which covers FR", "write eu"),
        1,
        id="null where law is served",
    ),
    pytest.param(
        "aws/eu-west-3",
        "zones.0",
        "eu-west-4a",
        ('"eu-west-4a"', "a zone of aws/eu-west-3 by the cloud's name, such as eu-west-3a", "the cloud's own zone name"),
        1,
        id="AWS zone",
    ),
    pytest.param(
        "gcp/asia-south2",
        "zones.0",
        "asia-south2a",
        ('"asia-south2a"', "such as asia-south2-a", "the cloud's own zone name"),
        1,
        id="GCP zone",
    ),
    pytest.param(
        "azure/eastasia", "zones.0", "zone-1", ('"zone-1"', 'such as "1"', "the cloud's own zone name"), 1, id="Azure zone"
    ),
    pytest.param("azure/eastasia", "zones.1", "1", ('"1"', "each zone once", "remove the second one"), 1, id="zone twice"),
    pytest.param(
        "aws/eu-west-3",
        "pair",
        "aws/eu-west-1",
        ('"aws/eu-west-1"', "no pair: only Azure pairs regions", "remove it"),
        1,
        id="pair on AWS",
    ),
    pytest.param(
        "azure/ukwest",
        "pair",
        "azure/uksuoth",
        ('"azure/uksuoth"', "an Azure location of locations.yaml", "did you mean azure/uksouth?"),
        1,
        id="unknown pair",
    ),
    pytest.param(
        "azure/ukwest",
        "pair",
        "azure/ukwest",
        ('"azure/ukwest"', "another Azure location", "the region that Azure pairs"),
        1,
        id="its own pair",
    ),
    pytest.param(
        "azure/ukwest",
        "pair",
        "aws/eu-west-2",
        ('"aws/eu-west-2"', "another Azure location", "the region that Azure pairs"),
        1,
        id="pair on another cloud",
    ),
]


@pytest.mark.parametrize(("location", "step", "new", "expected", "count"), CASES)
def test_refuses(location: str, step: str, new: object, expected: tuple[str, str, str], count: int) -> None:
    catalogue = values()
    put(catalogue[FILE], f"{location}.{step}", new)
    value, allowed, fix = expected
    path = f"{location}.{step}".replace(".0", "[0]").replace(".1", "[1]")
    assert_refused(catalogue, FILE, path, value=value, allowed=allowed, fix=fix, count=count)


def test_refuses_a_pair_that_is_gone() -> None:
    catalogue = values()
    drop(catalogue[FILE], "azure/eastasia")
    assert_refused(
        catalogue,
        FILE,
        "azure/southeastasia.pair",
        value='"azure/eastasia"',
        allowed="an Azure location of locations.yaml",
        fix="azure/",
    )


def test_the_pair_of_singapore_lies_outside_every_jurisdiction_served() -> None:
    catalogue = values()[FILE]
    pair = catalogue[catalogue["azure/southeastasia"]["pair"]]
    assert (pair["country"], pair["jurisdiction"]) == ("HK", None)

from __future__ import annotations

from datetime import date

import pytest

from config.loader import CatalogueError, from_values
from tests.fixtures.catalogues import TODAY, assert_refused, drop, put, values

US = "clusters/nautilus-enterprise-us-east-1.yaml"
IN = "clusters/nautilus-enterprise-asia-south-1.yaml"


def test_refuses_a_version_that_the_cloud_does_not_have() -> None:
    catalogue = values()
    put(catalogue[US], "kubernetes_version", "1.28")
    assert_refused(
        catalogue,
        US,
        "kubernetes_version",
        value='"1.28"',
        allowed="a version in standard support on aws on 2026-11-21: 1.34, 1.35",
        fix="write 1.35",
    )


def test_refuses_a_version_whose_support_has_ended() -> None:
    catalogue = values()
    put(catalogue[IN], "kubernetes_version", "1.34")
    assert_refused(
        catalogue,
        IN,
        "kubernetes_version",
        value='"1.34"',
        allowed="a version in standard support on gcp on 2026-11-21: 1.35; support of 1.34 ended on 2026-10-01",
        fix="write 1.35",
    )


def test_refuses_a_cloud_without_versions() -> None:
    catalogue = values()
    drop(catalogue["kubernetes.yaml"], "clouds.gcp")
    assert_refused(
        catalogue,
        IN,
        "kubernetes_version",
        value='"1.35"',
        allowed="a version in standard support on gcp on 2026-11-21: none is defined",
        fix="add a supported version for gcp to kubernetes.yaml",
        count=9,  # every cluster with a placement or standby on GCP
    )


def test_the_last_day_counts_and_the_next_does_not() -> None:
    last = date(2027, 3, 27)
    assert from_values(values(), today=last).clusters
    with pytest.raises(CatalogueError, match=r"support of 1\.35 ended on 2027-03-27"):
        from_values(values(), today=date(2027, 3, 28))
    assert last > TODAY


def test_refuses_a_listed_version_that_is_no_minor_version() -> None:
    catalogue = values()
    releases = catalogue["kubernetes.yaml"]["clouds"]["aws"]
    releases["v1.36"] = releases["1.35"]
    assert_refused(
        catalogue,
        "kubernetes.yaml",
        "clouds.aws.v1.36",
        value='"v1.36"',
        allowed="a minor version, such as 1.35",
        fix="write major and minor only, quoted",
    )

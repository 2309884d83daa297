"""The page on recovery says by what drills and rules judge (FO-3, FO-4)."""

from __future__ import annotations

import config
from config.loader import load
from nautilus.federation import reference

PAGE = reference.files(load(config.root()))["recovery.md"]


def test_targets_tiers_and_accepted_misses_are_on_the_page() -> None:
    assert "| region | A location is lost | 15 | 5 |" in PAGE
    assert "| 0 | Trading | 0 | 1,000,000 | 0.99999 |" in PAGE
    assert "| 4 | Reporting | 3600 | none | 0.99999 |" in PAGE
    assert "| cloud-dns-checks-every-30-s | region, provider, trading-system | gcp-names | 60 |" in PAGE


def test_what_was_not_read_says_so() -> None:
    native = next(line for line in PAGE.splitlines() if line.startswith("| native |"))
    assert native.endswith("(not verified) |")


def test_a_figure_that_is_nothing_is_left_out() -> None:
    native = next(line for line in PAGE.splitlines() if line.startswith("| native |"))
    assert "| spread_s 30 |" in native

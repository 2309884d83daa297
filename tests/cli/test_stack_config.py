"""Scratch copies of the stacks' configuration."""

from __future__ import annotations

from pathlib import Path

from nautilus.cli.stack_config import merge, refresh_copy

SOURCE = "config:\n  nautilus:group: emea\n"
SALT = "encryptionsalt: v1:abc\n"


def test_the_copy_keeps_the_salt_that_the_engine_wrote(tmp_path: Path) -> None:
    source, copy = tmp_path / "source.yaml", tmp_path / "deep" / "copy.yaml"
    source.write_text(SOURCE)
    assert refresh_copy(source, copy, keep_source_encryption=False) == copy
    assert copy.read_text() == SOURCE
    copy.write_text(SOURCE + SALT)
    source.write_text(SOURCE.replace("emea", "apac"))
    refresh_copy(source, copy, keep_source_encryption=False)
    assert copy.read_text() == SOURCE.replace("emea", "apac") + SALT
    assert source.read_text() == SOURCE.replace("emea", "apac")
    assert [path.name for path in copy.parent.iterdir()] == ["copy.yaml"]


def test_the_sandbox_drops_the_sources_own_encryption_and_the_real_place_keeps_it() -> None:
    source = SOURCE + "secretsprovider: awskms://alias/x\nencryptedkey: k1\n"
    assert merge(source, SOURCE + SALT, keep_source_encryption=False) == SOURCE + SALT
    assert merge(source, "encryptedkey: old\n", keep_source_encryption=True) == source
    assert merge(SOURCE, "encryptedkey: old\n", keep_source_encryption=True) == SOURCE + "encryptedkey: old\n"


def test_values_below_the_top_level_are_no_encryption_fields() -> None:
    nested = "config:\n  nautilus:note:\n    encryptionsalt: kept\n"
    assert merge(nested, "", keep_source_encryption=False) == nested

"""The text of a finding, under the name that readers of engine output look for; see `policies.kit.finding`."""

from __future__ import annotations

from policies.kit.finding import Finding, Verdict, parse, render

__all__ = ["Finding", "Verdict", "parse", "render"]

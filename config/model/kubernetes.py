"""The Kubernetes versions that each cloud supports, and until when (CLU-4)."""

from __future__ import annotations

from datetime import date

from config.model.base import Cloud, Model, Source


class KubernetesRelease(Model):
    """One minor version on one cloud; `standard_support_ends` is the last day of standard support."""

    standard_support_ends: date
    source: Source


class KubernetesSupport(Model):
    """Supported versions, keyed by cloud, then minor version such as `1.34`."""

    clouds: dict[Cloud, dict[str, KubernetesRelease]]

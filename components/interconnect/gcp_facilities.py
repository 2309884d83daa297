"""Where a leased port meets Google's network: two facilities a region, in the two edge availability domains (NET-4).

Guarantees that the two ports of a placement are in different edge availability domains of one metropolitan area, which
is what Google asks for before it promises 99.9 %; 99.99 % takes four ports in two areas (Cloud Interconnect documentation,
"Resiliency and SLA options"). It does not know which carrier is in which building, nor whether a facility has a free port:
the order does.
"""

from __future__ import annotations

from typing import Final

_PAIRS: Final = {
    "asia-east1": ("tsa-zone1-2886", "tsa-zone2-456"),
    "asia-northeast1": ("nrt-zone1-738", "nrt-zone2-452"),
    "asia-northeast2": ("kix-zone1-2072", "kix-zone2-1791"),
    "asia-south1": ("bom-zone1-2310", "bom-zone2-554"),
    "asia-south2": ("del-zone1-1622", "del-zone2-2411"),
    "asia-southeast1": ("sin-zone1-2260", "sin-zone2-388"),
    "asia-southeast2": ("cgk-zone1-5865", "cgk-zone2-8168"),
    "australia-southeast1": ("syd-zone1-1605", "syd-zone2-1660"),
    "australia-southeast2": ("mel-zone1-1988", "mel-zone2-4843"),
    "europe-central2": ("waw-zone1-2570", "waw-zone2-509"),
    "europe-north1": ("hem-zone1-7098", "hem-zone2-8128"),
    "europe-north2": ("arn-zone1-156", "arn-zone2-208"),
    "europe-southwest1": ("mad-zone1-127", "mad-zone2-130"),
    "europe-west1": ("bru-zone1-68", "bru-zone2-68"),
    "europe-west2": ("lhr-zone1-2262", "lhr-zone2-832"),
    "europe-west3": ("fra-zone1-58", "fra-zone2-683"),
    "europe-west4": ("ams-zone1-1236", "ams-zone2-1320"),
    "europe-west8": ("mil-zone1-1974", "mil-zone2-99013"),
    "europe-west9": ("cdg-zone1-1536", "cdg-zone2-181"),
    "europe-west10": ("ber-zone1-331", "ber-zone2-478"),
    "europe-west12": ("trn-zone1-99032", "trn-zone2-99033"),
    "me-central1": ("dia-zone1-99011", "dia-zone2-99036"),
    "me-central2": ("dmm-zone1-99049", "dmm-zone2-99055"),
    "me-west1": ("tlv-zone1-99030", "tlv-zone2-99047"),
    "northamerica-northeast1": ("yul-zone1-1944", "yul-zone2-99002"),
    "northamerica-northeast2": ("yyz-zone1-2206", "yyz-zone2-392"),
    "northamerica-south1": ("qro-zone1-1778", "qro-zone2-1778"),
    "southamerica-east1": ("gru-zone1-165", "gru-zone2-7580"),
    "southamerica-west1": ("scl-zone1-1779", "scl-zone2-7594"),
    "us-central1": ("cbf-zone1-575", "cbf-zone2-575"),
    "us-east4": ("iad-zone1-1", "iad-zone2-5467"),
    "us-east5": ("cmh-zone1-2377", "cmh-zone2-2377"),
    "us-south1": ("dfw-zone1-4", "dfw-zone2-4"),
    "us-west1": ("pdx-zone1-1922", "pdx-zone2-1922"),
    "us-west2": ("lax-zone1-19", "lax-zone2-333"),
    "us-west3": ("slc-zone1-10938", "slc-zone2-99001"),
    "us-west4": ("las-zone1-770", "las-zone2-770"),
}
"""Of each region's low-latency metropolitan area, one facility in each edge availability domain, in two buildings where
the area has two (Brussels, Columbus, Council Bluffs, Dallas, Las Vegas, Portland have one). All offer 10 and 100 Gbit/s
with MACsec (Cloud Interconnect documentation, "Choose a colocation facility", updated 2026-04-02)."""


def facility(region: str, place: int) -> str:
    """Give the facility of a placement's port number `place`, from 0: ports take the two domains in turn.

    Raises ValueError for a region without a low-latency facility of its own in Google's list.
    """
    if region not in _PAIRS:
        raise ValueError(f"{region}: no facility is known for leased ports; those are {', '.join(sorted(_PAIRS))}")
    return _PAIRS[region][place % 2]

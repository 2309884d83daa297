"""OpenID Connect providers of an account.

Guarantees that client ids and thumbprints are those of the inputs, client ids too where moto has no call. Does not fetch a
provider's certificate.
"""

from __future__ import annotations

import urllib.parse
from typing import Final

from nautilus.sandbox.aws import emulator, tags
from nautilus.sandbox.aws.call import Call, partition, send
from nautilus.sandbox.aws.row import Raw, Row, dropped, unless_gone


def _look_provider(call: Call) -> Raw | None:
    if not call.id:
        return None
    return unless_gone(lambda: call.boto("get_open_id_connect_provider", OpenIDConnectProviderArn=call.id), "NoSuchEntity")


def _settle_provider(call: Call) -> None:
    raw = _look_provider(call) or {}
    # moto has no call that adds or removes a client id; its own state is where the answer comes from.
    state = emulator.backend("iam", call.account, partition(call.region)).open_id_providers[call.id]
    state.client_id_list = list(call.get("clientIdLists", []))
    if (prints := call.get("thumbprintLists")) and sorted(prints) != sorted(raw["ThumbprintList"]):
        call.boto("update_open_id_connect_provider_thumbprint", OpenIDConnectProviderArn=call.id, ThumbprintList=prints)


def _show_provider(call: Call, raw: Raw) -> dict[str, object]:
    url = raw["Url"]
    given = call.get("url", "")
    return {
        "arn": call.id,
        "url": given if urllib.parse.urlparse(given)._replace(scheme="").geturl().lstrip("/") == url else url,
        "clientIdLists": raw["ClientIDList"],
        "thumbprintLists": raw["ThumbprintList"],
    }


ROWS: Final = (
    Row(
        type="aws:iam/openIdConnectProvider:OpenIdConnectProvider",
        service="iam",
        operation="create_open_id_connect_provider",
        params=send("url clientIdLists=ClientIDList thumbprintLists=ThumbprintList"),
        made="OpenIDConnectProviderArn",
        look=_look_provider,
        show=_show_provider,
        settle=(_settle_provider,),
        drop=dropped("delete_open_id_connect_provider", "OpenIDConnectProviderArn"),
        tags=tags.iam("open_id_connect_provider", "OpenIDConnectProviderArn"),
        replace_on="url",
        aliases={"ClientIDList": "clientIdLists", "ThumbprintList": "thumbprintLists"},
        regional=False,
    ),
)

"""A message to a Slack-compatible incoming webhook (Slack, Mattermost, Rocket.Chat, Discord…).

The body is `{"text": …}`.  The address is a secret: whoever knows it may post, so that it may come
from the keyring, and no sentence repeats more of it than its host.
"""

from __future__ import annotations

import json

from ... import credentials
from ...domain.errors import InputError, ReviewerError
from ...policy.document import Webhook
from .notice import Told, inert
from .post import address, post
from .sent import Sent

_HINT = "Write url: https://…, or secret: NAME and keep it with `keyring set reviewer secret:NAME`."


def send(channel: Webhook, told: Told) -> Sent:
    """Posts it once, blocking; what goes wrong is in the answer, never raised."""
    try:
        url = address(_address(channel), "the webhook's", _HINT)
    except ReviewerError as error:
        return Sent(False, f"The message was not sent: {error}")
    return post(url, body(told), "the message", f"Told {told.whom}")


def body(told: Told) -> bytes:
    """The message as printable ASCII JSON."""
    lines = [
        inert(told.head),
        f"“{inert(told.title)}”",
        f"{told.by_when}{inert(told.why)}".strip(),
        f"For: {inert(told.whom)}",
        told.link.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"),
    ]
    said = {"text": "\n".join(lines).rstrip("\n"), "mrkdwn": False}
    return json.dumps(said, ensure_ascii=True).replace("\x7f", "\\u007f").encode("ascii")


def _address(channel: Webhook) -> str:
    if channel.url is not None:
        return channel.url
    if channel.secret is None:
        raise InputError("the webhook has neither an address nor a secret", hint=_HINT)
    return credentials.secret(channel.secret)

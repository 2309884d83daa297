"""Text of others made safe to put into a report.

Guarantees that no control character, mark that turns the direction of writing or half of a surrogate pair is left, and that
no character of a value means anything to Markdown, HTML or GitHub's own marks. It judges no content.
"""

from __future__ import annotations

import html
import re

_UNFIT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_MARKS = re.compile(r"[\\`*_\[\]|~#!$@{}]")


def clean(text: str) -> str:
    """Give the text with every character that is not to be shown replaced by U+FFFD; tabs and line ends stay."""
    return _UNFIT.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def clipped(text: str, longest: int) -> str:
    """Give a text of at most `longest` characters, and behind it how many more there were."""
    return text if len(text) <= longest else f"{text[:longest]}… ({len(text) - longest} characters more)"


def code(text: str, longest: int) -> str:
    """Give a value on one line, as `<code>` with every mark as a character reference: good inside a table and a list."""
    shown = html.escape(clipped(" ".join(clean(text).split()), longest), quote=False)
    return f"<code>{_MARKS.sub(lambda mark: f'&#{ord(mark[0])};', shown)}</code>" if shown else ""

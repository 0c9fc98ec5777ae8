"""What an address of the web looks like in our own files. Here, and not beside the Markdown that uses it, so that settings load without Markdown."""

from __future__ import annotations

import re

WEB = re.compile(r"https?://[^\s/@?#]+(?:[/?#][^\s]*)?$")  # a host, no user name

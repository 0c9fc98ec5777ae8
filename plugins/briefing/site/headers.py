"""What the web server should say with each file: one list, written twice, for hosts that read `_headers` and for Apache.

A host that reads neither still serves a site that works: no page needs a header.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from .assets import FOLDER
from .catalog import Catalog

YEAR = 365 * 24 * 3600
FRESH = "public, max-age=300, must-revalidate"
FOR_EVER = f"public, max-age={YEAR}, immutable"


def security(c: Catalog) -> tuple[tuple[str, str], ...]:
    """Name and value of each header that goes with every file."""
    to = urlsplit(c.publication.subscribe)
    policy = (
        f"default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; form-action {to.scheme}://{to.netloc}; base-uri 'none'; frame-ancestors 'none'"
    )
    return (
        ("Content-Security-Policy", policy),
        ("Strict-Transport-Security", f"max-age={YEAR}"),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "strict-origin-when-cross-origin"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
    )


def underscore(c: Catalog) -> bytes:
    """`_headers`. Pages have no cache line here: such hosts join the lines of all patterns that fit, and revalidate pages anyway."""
    lines = [f"{c.links.prefix}/*", *(f"  {name}: {value}" for name, value in security(c))]
    lines += [f"{c.links.prefix}{FOLDER}*", f"  Cache-Control: {FOR_EVER}"]
    lines += [f"{c.links.prefix}/email/*", "  X-Robots-Tag: noindex"]
    return ("\n".join(lines) + "\n").encode("utf-8")


def htaccess(c: Catalog) -> bytes:
    """`.htaccess` for Apache with mod_headers, and where the page for missing addresses is."""
    lines = ["<IfModule mod_headers.c>"]
    lines += [f'  Header always set {name} "{value}"' for name, value in security(c)]
    lines += [
        f'  Header set Cache-Control "{FRESH}"',
        f'  <If "%{{REQUEST_URI}} =~ m#^{c.links.prefix}{FOLDER}[^/]*[.](css|svg|woff2)$#">',
        f'    Header set Cache-Control "{FOR_EVER}"',
        "  </If>",
        f'  <If "%{{REQUEST_URI}} =~ m#^{c.links.prefix}/email/#">',
        '    Header set X-Robots-Tag "noindex"',
        "  </If>",
        "</IfModule>",
        f"ErrorDocument 404 {c.links.to('/404.html')}",
        "Options -Indexes",
    ]
    return ("\n".join(lines) + "\n").encode("utf-8")

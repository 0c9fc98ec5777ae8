"""Addresses of articles: the link readers get, and the key two links are compared by.

`link` changes nothing a server could tell apart, except parameters that are known to be trackers: a link must still open
the page it was given for. `key` goes further and is never shown: it only answers "is this the same page?".
"""

from __future__ import annotations

import ipaddress
import re
import socket
from urllib.parse import parse_qsl, quote, urljoin, urlsplit, urlunsplit

#: Longest address we keep. Longer ones are data or attacks; browsers' own limits start at about 2,000 characters.
LONGEST = 2_000

_TRACKERS = frozenset(
    re.findall(
        r"\S+",
        """
    gclid gclsrc dclid gbraid wbraid fbclid msclkid yclid twclid ttclid igshid igsh li_fat_id mc_cid mc_eid mkt_tok _hsenc _hsmi __hssc
    __hstc __hsfp hsctatracking vero_id vero_conv oly_enc_id oly_anon_id rb_clickid s_cid wickedid ml_subscriber ml_subscriber_hash
    ref_src ref_url sc_campaign sc_channel sc_content sc_medium sc_outcome sc_geo sc_country cmpid ncid smid smtyp srnd sref
    guccounter guce_referrer guce_referrer_sig _ga _gl campaign_id ftag at_medium at_campaign at_custom1 at_custom2 at_custom3 at_custom4
    traffic_source partnerid cndid bxid esrc spmailingid spuserid spjobid spreportid trk trkcampaign wt_mc wt.mc_id xtor
    """,
    )
)
_TRACKER_PREFIXES = ("utm_", "mtm_", "pk_", "piwik_", "matomo_", "hsa_", "stm_")
_TRACKING_FRAGMENT = re.compile(r":~:|(?:xtor|ref|utm_[a-z]+|rss|echobox|ftag|at_medium|sthash|intcid|cmpid)(?:=|$)|/?$", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x20\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
_SAFE = re.compile(r"[A-Za-z0-9:/?#@!$&()*+,;=%._~-]+\Z")
#: The links nearly all feeds have: a name with letters at its end, a path without dots to resolve, nothing to take out.
_PLAIN = re.compile(
    r"https?://(?:[a-z0-9-]++\.)++(?!local(?:host|domain)?/|internal/|arpa/|lan/)[a-z]{2,}+(?=/)(?:/[A-Za-z0-9_~-]++(?:\.[A-Za-z0-9_~-]++)*+)*+/?\Z"
)
_PORTS = {"http": 80, "https": 443}
_NUMERIC_HOST = re.compile(r"(?:0x[0-9a-f]*|\d+)(?:\.(?:0x[0-9a-f]*|\d+)){0,3}\.?$", re.IGNORECASE)
_LOCAL_NAMES = (".localhost", ".local", ".internal", ".home.arpa", ".lan")
#: Ranges that stand for another network's inside although Python's table calls some of them global.
_EXTRA = tuple(ipaddress.ip_network(n) for n in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "192.88.99.0/24", "fec0::/10"))

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def link(url: str, base: str = "") -> str:
    """The absolute http(s) link without trackers, or "" where it is none that a reader may be sent to.

    Refused: other schemes, no host, a user name, control characters, private or local hosts, more than `LONGEST` characters.
    Real parameters, their order and fragments that name a place on the page stay.
    """
    url = url.strip(" \t\r\n\x0c")
    if _PLAIN.match(url) and len(url) <= LONGEST:
        return url
    if not url or len(url) > LONGEST or _CONTROL.sub("", url) != url.replace(" ", ""):
        return ""
    try:
        parts = urlsplit(urljoin(base, url) if base else url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return ""
    scheme = parts.scheme.lower()
    if scheme not in _PORTS or not host or "@" in parts.netloc or why_private(host):
        return ""
    try:
        name = _host(host) + (f":{port}" if port and port != _PORTS[scheme] else "")
    except UnicodeError:
        return ""
    bare = urlunsplit((scheme, name, parts.path or "/", _without_trackers(parts.query), _fragment(parts.fragment)))
    clean = bare if _SAFE.match(bare) else _escaped(bare)
    return clean if len(clean) <= LONGEST else ""


def key(url: str) -> str:
    """What two links of the same page have in common: host without `www.`, path without a final slash, sorted parameters, place.

    The scheme does not count. For comparing only; `url` must come out of `link`.
    """
    if "?" not in url and "#" not in url:  # most links: nothing to sort
        host, _, path = url.partition("://")[2].removeprefix("www.").partition("/")
        return f"{host}/{path.rstrip('/')}"
    parts = urlsplit(url)
    query = "&".join(f"{quote(k)}={quote(v)}" for k, v in sorted(parse_qsl(parts.query, keep_blank_values=True)))
    host = parts.netloc.removeprefix("www.")
    return "".join((host, parts.path.rstrip("/") or "/", f"?{query}" if query else "", f"#{parts.fragment}" if parts.fragment else ""))


def why_private(host: str) -> str:
    """Why this host may not be dialled, as far as its spelling alone says: "" for names that have to be looked up.

    Every spelling of a number counts: `127.1`, `0x7f.1`, `2130706433`, `017700000001`, `::ffff:7f00:1`.
    """
    host = host.strip("[]").rstrip(".").lower()
    if host == "localhost" or host.endswith(_LOCAL_NAMES):
        return f"{host} is a name of the local network"
    address = literal(host)
    return why_address(address) if address is not None else ""


def literal(host: str) -> Address | None:
    """The address a host spells out in any of the forms a resolver accepts, or None for a name."""
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        pass
    if _NUMERIC_HOST.match(host):
        try:
            return ipaddress.IPv4Address(socket.inet_aton(host.rstrip(".")))
        except OSError:
            return None
    return None


def why_address(address: Address) -> str:
    """Why this address may not be dialled, or "" for a public one."""
    inner = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    if inner is not None:
        return why_address(inner)
    if not address.is_global or address.is_multicast or address.is_reserved or any(address in net for net in _EXTRA if net.version == address.version):
        return f"{address} is not a public address"
    return ""


def _escaped(url: str) -> str:
    from w3lib.url import safe_url_string  # noqa: PLC0415 - slow to import, and most links are safe as they stand

    return safe_url_string(url)


def _host(host: str) -> str:
    if ":" in host:
        return f"[{host.lower()}]"
    return host.lower() if host.isascii() else host.encode("idna").decode("ascii")


def _without_trackers(query: str) -> str:
    """The query byte for byte, less the parameters that are trackers."""
    return "&".join(p for p in query.split("&") if p and not _is_tracker(p.partition("=")[0].lower()))


def _is_tracker(name: str) -> bool:
    return name in _TRACKERS or name.startswith(_TRACKER_PREFIXES)


def _fragment(fragment: str) -> str:
    return "" if _TRACKING_FRAGMENT.match(fragment) else fragment

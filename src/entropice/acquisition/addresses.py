"""Which addresses may be asked: over HTTPS, public where a server names them, and without secrets in messages."""

import ipaddress
import socket
from typing import Final
from urllib.parse import SplitResult, urljoin, urlsplit

from entropice.errors import DownloadError

LOCALHOST: Final = "localhost"


def require_secure(url: str) -> None:
    """Pass only HTTPS without user information; a server on this machine may speak plain HTTP.

    Raises
    ------
    DownloadError
        Another address.

    Examples
    --------
    >>> require_secure("https://example.org/a.tif"), require_secure("http://localhost:8000/a.tif")
    (None, None)
    """
    address = urlsplit(url)
    if address.username or address.password:
        raise DownloadError(
            "An address holds a user name or password.",
            path=url,
            field="url",
            got="user information before the host",
            expected="https://<host>/…",
            fix="leave it out: what it would give away is written into records and logs",
        )
    if address.scheme != "https" and not (address.scheme == "http" and _is_loopback(address)):
        raise DownloadError(
            "An address is not one of HTTPS.",
            path=url,
            field="url",
            got=address.scheme or "no scheme",
            expected="https",
            fix="give the publisher's address over HTTPS: without it, anybody on the way could change the data",
        )


def onward(url: str, target: str) -> str:
    """Where an answer sends on to, by a redirect or a link in a document; may be relative to the answer's address.

    Hosts are looked up by name; within the host of `url`, and from this machine to itself, all is allowed that is
    secure.

    `url` is the address that answered, `target` what it names.

    Raises
    ------
    DownloadError
        Not HTTPS, or a server of a private network or of this machine, which a public one has no business to name.

    Examples
    --------
    >>> onward("https://example.org/items/1.json", "../files/1.tif")
    'https://example.org/files/1.tif'
    """
    following = urljoin(url, target)
    require_secure(following)
    asked, named = urlsplit(url), urlsplit(following)
    if named.hostname != asked.hostname and not (_is_loopback(asked) and _is_loopback(named)) and _is_private(named):
        raise DownloadError(
            "A server sends on to an address that is not public.",
            path=url,
            field="redirect or link",
            got=following,
            expected="a public host",
            fix="check the address in conf/…/download/parameters.yml: the server may not be the publisher's",
        )
    return following


def _is_loopback(address: SplitResult) -> bool:
    return address.hostname == LOCALHOST or any(ip.is_loopback for ip in _literal(address.hostname))


def _is_private(address: SplitResult) -> bool:
    """Whether any address of the host is not public; a host that cannot be resolved here will not answer either."""
    literal = _literal(address.hostname)
    return any(not ip.is_global for ip in literal or _resolved(address.hostname))


def _literal(host: str | None) -> list[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    try:
        return [ipaddress.ip_address(host or "")]
    except ValueError:
        return []


def _resolved(host: str | None) -> list[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return []
    return [ipaddress.ip_address(str(entry[4][0]).split("%")[0]) for entry in found]

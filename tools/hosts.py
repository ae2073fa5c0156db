"""Who may call a server over HTTP: this machine alone, or the names that its operator allows."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from foley_designer.core.errors import ErrorCode, FoleyError

if TYPE_CHECKING:
    from mcp.server.transport_security import TransportSecuritySettings

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


def host_guard(host: str, allowed: Sequence[str]) -> "TransportSecuritySettings":
    """Checks of the names and origins that requests are addressed to and come from.

    Without them any page in a browser of the network could have its visitor call the server.

    Args:
        host: address to listen on.
        allowed: names by which clients reach it, each with or without its port.

    Raises:
        FoleyError: ``option_invalid`` for another address than this machine's own with no names.
    """
    from mcp.server.transport_security import TransportSecuritySettings  # noqa: PLC0415 - heavy

    own = host in (*LOOPBACK, "::1")
    if not own and not allowed:
        raise FoleyError(
            ErrorCode.OPTION_INVALID,
            f"--host {host} lets other machines in, and no name is allowed.",
            "Add --allow NAME for each name by which clients reach this machine.",
        )
    names = (*LOOPBACK, *allowed) if own else allowed
    hosts = [form for name in names for form in ((name,) if _port(name) else (name, f"{name}:*"))]
    return TransportSecuritySettings(
        enable_dns_rebinding_protection=True,
        allowed_hosts=hosts,
        allowed_origins=[f"{scheme}://{one}" for one in hosts for scheme in ("http", "https")],
    )


def _port(name: str) -> bool:
    return name.rpartition(":")[2].isdigit() and not name.endswith("]")

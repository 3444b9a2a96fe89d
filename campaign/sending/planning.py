"""When the mails of an order leave, with what waits before them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from campaign.sending import batch_queries, outbox
from campaign.sending.pacing import Pace, planned


def moments(domains: Sequence[str], leaves_at: datetime, pace: Pace) -> list[datetime]:
    """About when each of these mails leaves, in their order.

    What waits already and is due by then leaves first, as far as the mail server's pace goes.

    Args:
        domains: of the recipients.
        pace: of this order alone.
    """
    server = outbox.server_pace()
    if server.limited:
        ahead = batch_queries.domains_ahead(leaves_at)
        by_server = planned([*ahead, *domains], leaves_at, server)[len(ahead) :]
    else:
        by_server = [leaves_at] * len(domains)
    own = planned(domains, leaves_at, pace.within(server))
    return [max(pair) for pair in zip(by_server, own, strict=True)]

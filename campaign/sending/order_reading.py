"""Letters that are to be ordered, read together: hundreds with as many queries as one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from campaign.drafting import frozen, queries
from campaign.drafting.freezing import Composer
from campaign.drafting.models import FrozenText, Letter, TextKind
from campaign.extensions import db
from campaign.sending.models import Dispatch


class Reader:
    """Letters with all that an order looks at, as they are stored now.

    Attributes:
        letters: by their ids.
    """

    def __init__(self, letter_ids: Sequence[int]) -> None:
        query = queries.whole(sa.select(Letter).where(Letter.id.in_(letter_ids)))
        found = db.session.scalars(
            query.options(
                joinedload(Letter.campaign),
                selectinload(Letter.frozen_texts).selectinload(FrozenText.approvals),
            )
        )
        self.letters: dict[int, Letter] = {letter.id: letter for letter in found.unique()}
        self._composer = Composer(list(self.letters.values()))
        self._ordered: defaultdict[int, list[Dispatch]] = defaultdict(list)
        for dispatch in db.session.scalars(
            sa.select(Dispatch)
            .where(Dispatch.letter_id.in_(letter_ids), Dispatch.kind == TextKind.LETTER)
            .order_by(Dispatch.created_at, Dispatch.id)
        ):
            self._ordered[dispatch.letter_id].append(dispatch)

    def ordered(self, letter: Letter) -> list[Dispatch]:
        """The dispatches of the letter in its round, where it was ordered already."""
        return [one for one in self._ordered[letter.id] if one.round == letter.round]

    def is_stale(self, row: FrozenText) -> bool:
        """Whether today's facts would make another text; see `drafting.queries.is_stale`."""
        composed = self._composer.compose(row.letter, row.dated_on)
        return bool(composed.problems) or not frozen.says(row.bundle, composed.draft)

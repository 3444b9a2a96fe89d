"""What a person can act on, in the words of the table of errors."""

from __future__ import annotations

from campaign.kernel.error_table import TABLE


class Problem(Exception):
    """An error that a person can act on.

    Args:
        code: a key of `TABLE`.
        details: values for the names in the row's texts.
    """

    def __init__(self, code: str, **details: object) -> None:
        advice = TABLE[code]
        self.code = code
        self.details = details
        self.title = advice.title.format(**details)
        self.what_to_do = advice.what_to_do.format(**details)
        super().__init__(f"{self.title} {self.what_to_do}")

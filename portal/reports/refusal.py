"""What a flow says when it will not act."""

from __future__ import annotations


class Refused(Exception):
    """The verb was not done; the message is a sentence for the user. Views answer 422 or 409.

    ``stale`` is True when the page was older than the isian: somebody acted meanwhile.
    """

    def __init__(self, sentence: str, *, stale: bool = False) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.stale = stale

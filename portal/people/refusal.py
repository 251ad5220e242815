"""What a flow of this room says when it does not do what was asked."""

from __future__ import annotations


class Refused(Exception):
    """The change was not made; ``str()`` is a sentence for the user, ``field`` where to look."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field

"""What a flow of this room says when it does not do what was asked."""

from __future__ import annotations


class Refused(Exception):
    """Nothing was changed; ``sentence`` says what is wrong, where, and what to do."""

    def __init__(self, sentence: str, *, field: str = "", stale: bool = False) -> None:
        super().__init__(sentence)
        self.sentence, self.field, self.stale = sentence, field, stale


STALE = "Halaman ini sudah diubah orang lain sejak dibuka. Periksa isinya, lalu ulangi."

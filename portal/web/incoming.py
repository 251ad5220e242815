"""What comes in with a request, before any page looks at it: bounded numbers, texts that are texts.

No text of this portal holds NUL or other control characters (PostgreSQL refuses to keep them), so
forms and addresses lose them at the door; words around them stay. Numbers in addresses and forms
are ids, years and versions: digits only, no larger than a column of the database holds.
"""

from __future__ import annotations

import re
from typing import Any

from flask import Flask, request
from htmx_flask.requests import HtmxAwareRequest
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.routing import IntegerConverter, ValidationError
from werkzeug.utils import cached_property

from portal import store, uploads

#: The largest number of an INTEGER column.
LARGEST = 2**31 - 1
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def words(text: str) -> str:
    """``text`` without control characters and halves of letters; line ends and tabs stay."""
    return _NO_TEXT.sub("", text)


def whole(text: str, most: int = LARGEST) -> int | None:
    """The number that ``text`` spells in plain digits, 0 to ``most``; None for anything else."""
    if not (text.isascii() and text.isdigit()) or len(text) > 10:
        return None
    number = int(text)
    return number if number <= most else None


def file_of(name: str = "berkas") -> tuple[str, str] | None:
    """The evidence that was handed in, stored: SHA-256 and name; None when there is none.

    Raises uploads.Refused and store.StoreError with a sentence.
    """
    upload = request.files.get(name)
    if upload is None or not upload.filename:
        return None
    checked = uploads.check(upload.read(), upload.filename, uploads.EVIDENCE)
    return store.put(checked.data, checked.media).sha256, checked.name


class CleanRequest(HtmxAwareRequest):  # type: ignore[misc]  # htmx-flask has no types
    """A request whose form and query are texts."""

    @cached_property
    def args(self) -> MultiDict[str, str]:
        """The query, without control characters."""
        return _clean(super().args)

    def _load_form_data(self) -> None:
        loaded = "form" in self.__dict__
        super()._load_form_data()
        if not loaded:
            self.__dict__["form"] = _clean(self.__dict__["form"])


def _clean(given: MultiDict[str, str]) -> MultiDict[str, str]:
    pairs = list(given.items(multi=True))
    if not any(_NO_TEXT.search(k) or _NO_TEXT.search(v) for k, v in pairs):
        return given
    return ImmutableMultiDict([(words(k), words(v)) for k, v in pairs])


class Number(IntegerConverter):
    """``<int:...>`` in an address: an id that a column can hold, else there is no such page."""

    def to_python(self, value: str) -> Any:
        """The number, or no match: never a ValueError of a thousand digits."""
        found = whole(value)
        if found is None:
            raise ValidationError
        return found


def init_app(app: Flask) -> None:
    """Take requests in through this door; stands before all blueprints."""
    app.request_class = CleanRequest
    app.url_map.converters["int"] = Number

"""What an admin decides about reminders, and what a person decides about his own channels."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from itertools import pairwise

import sqlalchemy as sa

from portal import clock
from portal.db import db
from portal.notices import gateways
from portal.notices import ladder as ladders
from portal.notices.channels.push import allowed
from portal.notices.models import Message, PushSubscription
from portal.people import queries
from portal.people.flow_region import keep_setting
from portal.people.models import Contact, Leave, Person
from portal.people.refusal import Refused
from portal.people.rules import Actor
from portal.trail import flow as trail

#: Lowest and highest number of each count of the ladder.
COUNTS = {
    "cap_week": ("Pesan per orang, saluran, dan minggu", 1, 20),
    "cap_urgent": ("Tambahan untuk pesan mendesak", 0, 10),
    "answer_days": ("Hari kerja untuk menjawab permintaan penjelasan", 1, 20),
    "response_days": ("Hari kerja tanggapan sebelum tampil di atas PD-nya", 2, 20),
    "cost_cap": ("Batas biaya per bulan (Rp)", 0, 100_000_000),
}
TIMES = {"from": "Pesan boleh berangkat mulai", "to": "Pesan berhenti berangkat",
         "digest": "Ringkasan harian berangkat"}  # fmt: skip
_CLOCK = re.compile(r"(\d{1,2})[.:](\d{2})")
_MAIL = re.compile(r"[^@\s<>,;:\"]{1,64}@[A-Za-z0-9.-]{3,120}\.[A-Za-z]{2,24}")
_OTHER = re.compile(r"[A-Za-z0-9@._+-]{3,64}")


def save_ladder(typed: Mapping[str, str], basis: str, actor: Actor) -> None:
    """Let the region's own numbers hold from today on; only what differs is kept.

    Raises Refused with the field that cannot be read.
    """
    default = ladders.default()
    own: dict[str, int | str] = {}
    for name, one in default.ladders.items():
        for rung in one.rungs:
            if not rung.at_once:
                key, usual = f"{name}.{rung.key}", rung.before or rung.after
                days = _whole(typed, key, f"{one.title}, {rung.label}", 1, 120, usual)
                if days != usual:
                    own[key] = days
    for key, (label, low, high) in COUNTS.items():
        usual = int(getattr(default, key))
        count = _whole(typed, key, label, low, high, usual)
        if count != usual:
            own[key] = count
    own.update(_times(typed, default))
    if not basis.strip():
        raise Refused("Tulis dasarnya. Contoh: SE Sekretaris Daerah Nomor 5 Tahun 2026.", "basis")
    _check_order(ladders.changed(default, own))
    keep_setting(ladders.SETTING, own, queries.today(), basis, actor)


def _times(typed: Mapping[str, str], default: ladders.Ladder) -> dict[str, str]:
    own: dict[str, str] = {}
    usual = {"from": default.hours.begins, "to": default.hours.ends,
             "digest": default.hours.digest}  # fmt: skip
    for key, label in TIMES.items():
        raw = typed.get(key, "").strip() or usual[key].strftime("%H.%M")
        found = _CLOCK.fullmatch(raw)
        if not found or int(found[1]) > 23 or int(found[2]) > 59:
            raise Refused(f"{label}: “{raw[:20]}” bukan jam. Contoh: 07.30.", key)
        own[key] = f"{int(found[1]):02d}:{found[2]}"
        if own[key] == usual[key].strftime("%H:%M"):
            del own[key]
    return own


def _check_order(made: ladders.Ladder) -> None:
    hours = made.hours
    if not hours.begins <= hours.digest < hours.ends:
        raise Refused("Jam ringkasan harus di antara jam mulai dan jam berhenti.", "digest")
    for name, one in made.ladders.items():
        after = [r for r in one.rungs if r.after]
        for first, second in pairwise(after):
            if second.after < first.after:
                raise Refused(f"{one.title}: {second.label} tidak boleh mendahului "
                              f"{first.label}.", f"{name}.{second.key}")  # fmt: skip


def _whole(typed: Mapping[str, str], key: str, label: str, low: int, high: int, usual: int) -> int:
    raw = typed.get(key, "").strip().replace(".", "")
    if not raw:
        return usual
    if not raw.isascii() or not raw.isdigit() or not low <= int(raw[:12]) <= high:
        raise Refused(f"{label}: isi bilangan {low} sampai {high}.", key)
    return int(raw)


def save_channels(
    on: set[str], accepted: set[str], order: Mapping[str, str], basis: str, actor: Actor
) -> None:
    """Which gateways send, in which order; an unofficial one needs the admin's acceptance."""
    known = {g.key: g for g in gateways.setup().gateways}
    for key in on & set(known):
        if known[key].unofficial and key not in accepted:
            raise Refused(f"{known[key].label}: beri tanda pada pernyataan risikonya, atau "
                          "matikan salurannya.", f"accepted.{key}")  # fmt: skip
    ranks = {}
    for key, gateway in known.items():
        ranks[key] = _whole(order, f"order.{key}", gateway.label, 1, 99, 99)
    value = {"off": sorted(set(known) - on), "accepted": sorted(accepted & set(known)),
             "order": sorted(known, key=lambda key: (ranks[key], key))}  # fmt: skip
    keep_setting(gateways.SETTING, value, queries.today(), basis, actor)


def switch(on: bool, actor: Actor) -> None:
    """All messages off or on again; the inbox goes on either way."""
    keep_setting(gateways.SWITCH, on, queries.today(), "", actor)


def seen(message: Message, actor: Actor) -> None:
    """Somebody looked at a message that may have gone out twice."""
    if message.doubtful and not message.seen_by:
        message.seen_by = actor.label
        db.session.flush()


def save_contact(person_id: int, channel: str, typed: str, actor: Actor) -> None:
    """Keep, change or (empty) withdraw an e-mail or other address; the record holds no address.

    UU 27/2022: given for reminders of the office only, may be refused at any time.
    """
    rules = {"email": (_MAIL, "E-mail: periksa alamatnya. Contoh: rina@contohkab.go.id"),
             "lain": (_OTHER, "Hanya huruf, angka, dan @ . _ + -. Contoh: 123456789")}  # fmt: skip
    if channel not in rules:
        raise Refused("Saluran tidak dikenal.")
    address = typed.strip()
    pattern, sentence = rules[channel]
    if address and not pattern.fullmatch(address):
        raise Refused(sentence, channel)
    row = db.session.scalar(
        sa.select(Contact).where(Contact.person_id == person_id, Contact.channel == channel)
    )
    if (row.address if row else "") == address:
        return
    if row is None:
        db.session.add(Contact(person_id=person_id, channel=channel, address=address))
    elif address:
        row.address = address
    else:
        db.session.delete(row)
    db.session.flush()
    trail.record(f"person:{person_id}", "contact.save" if address else "contact.remove",
                 f"person:{person_id}", actor, None, {"saluran": channel})  # fmt: skip


def subscribe(person_id: int, endpoint: str, p256dh: str, auth: str) -> bool:
    """Let a browser in; Refused when its push service is not on the list. True when new."""
    if not allowed(endpoint, gateways.setup().push_hosts) or len(endpoint) > 500:
        raise Refused("Layanan pemberitahuan peramban ini tidak dikenal portal.")
    safe = re.compile(r"[A-Za-z0-9_=-]{10,120}")
    if not safe.fullmatch(p256dh) or not safe.fullmatch(auth) or len(auth) > 60:
        raise Refused("Kunci peramban tidak dapat dibaca.")
    row = db.session.scalar(
        sa.select(PushSubscription).where(PushSubscription.endpoint == endpoint)
    )
    if row is None:
        row = PushSubscription(endpoint=endpoint, at=clock.now(), person_id=person_id)
        db.session.add(row)
    row.person_id, row.p256dh, row.auth = person_id, p256dh, auth  # a shared phone: the newest
    db.session.flush()
    return True


def unsubscribe(person_id: int) -> None:
    """Forget all browsers of a person."""
    db.session.execute(sa.delete(PushSubscription).where(PushSubscription.person_id == person_id))


def save_leave(person_id: int, first: date, last: date, basis: str, actor: Actor) -> Leave:
    """A person's cuti; the same first day again corrects it."""
    if last < first:
        raise Refused("Cuti berakhir lebih awal daripada mulainya. Periksa keduanya.", "last_on")
    if (last - first).days > 366:
        raise Refused("Cuti paling lama satu tahun.", "last_on")
    if db.session.get(Person, person_id) is None:
        raise Refused("Pilih pejabatnya dari daftar.", "person_id")
    row = db.session.scalar(
        sa.select(Leave).where(Leave.person_id == person_id, Leave.first_on == first)
    )
    if row is None:
        row = Leave(person_id=person_id, first_on=first, last_on=last)
        db.session.add(row)
    row.last_on, row.basis = last, " ".join(basis.split())[:200]
    db.session.flush()
    trail.record(f"person:{person_id}", "leave.save", f"person:{person_id}", actor, None,
                 {"mulai": first.isoformat(), "sampai": last.isoformat()})  # fmt: skip
    return row


def remove_leave(row: Leave, actor: Actor) -> None:
    """A cuti that does not take place."""
    trail.record(f"person:{row.person_id}", "leave.remove", f"person:{row.person_id}", actor,
                 {"mulai": row.first_on.isoformat()})  # fmt: skip
    db.session.delete(row)
    db.session.flush()

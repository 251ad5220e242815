"""Configuration: one frozen dataclass read from the environment, once, at start."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent.parent


class ConfigError(Exception):
    """An environment variable that cannot be understood; the message names it."""


def _flag(env: Mapping[str, str], name: str, default: bool) -> bool:
    raw = env.get(name, "").strip().lower()
    if raw == "":
        return default
    if raw in {"1", "true", "yes", "ya"}:
        return True
    if raw in {"0", "false", "no", "tidak"}:
        return False
    raise ConfigError(f"{name} must be 1 or 0, not {raw!r}")


def _number(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    raw = env.get(name, "").strip()
    if raw == "":
        return default
    if not raw.isdigit() or not low <= int(raw) <= high:
        raise ConfigError(f"{name} must be a whole number from {low} to {high}, not {raw!r}")
    return int(raw)


def _zone(env: Mapping[str, str]) -> str:
    name = env.get("SELARAS_TIMEZONE", "").strip() or "Asia/Makassar"
    if name not in {"Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"}:
        raise ConfigError(
            f"SELARAS_TIMEZONE must be Asia/Jakarta, Asia/Makassar or Asia/Jayapura, not {name!r}"
        )
    return name


@dataclass(frozen=True)
class Config:
    """Everything the portal takes from outside. Tests build their own."""

    instance: Path
    database_url: str
    secret_key: str
    redis_url: str = ""
    timezone: str = "Asia/Makassar"
    base_url: str = "http://localhost:8000"
    templates: Path = ROOT / "reports_templates"
    secure_cookies: bool = False
    session_minutes: int = 120
    upload_mb: int = 25
    smtp_url: str = ""
    sms_url: str = ""
    channels_file: str = ""  # gateways with their secrets; instance/channels.yaml when empty
    testing: bool = False
    build_processes: int = 2
    worker_nice: int = 10
    proxies: int = 0
    extra: Mapping[str, object] = field(default_factory=dict)

    @property
    def zone(self) -> ZoneInfo:
        """The region's time zone, used at the edge only."""
        return ZoneInfo(self.timezone)

    @property
    def zone_label(self) -> str:
        """What officials write behind a clock time: WIB, WITA or WIT."""
        return {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}[
            self.timezone
        ]

    @property
    def blobs(self) -> Path:
        """Folder of the content-addressed store."""
        return self.instance / "blobs"

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Config:
        """Read ``SELARAS_*``; a malformed value raises ConfigError with its name."""
        env = os.environ if env is None else env
        instance = Path(env.get("SELARAS_INSTANCE") or ROOT / "instance").resolve()
        instance.mkdir(parents=True, exist_ok=True)
        return cls(
            instance=instance,
            database_url=env.get("SELARAS_DATABASE_URL") or f"sqlite:///{instance / 'selaras.db'}",
            secret_key=env.get("SELARAS_SECRET_KEY") or _kept_secret(instance),
            redis_url=env.get("SELARAS_REDIS_URL") or f"unix://{instance / 'redis' / 'redis.sock'}",
            timezone=_zone(env),
            base_url=env.get("SELARAS_BASE_URL") or "http://localhost:8000",
            secure_cookies=_flag(env, "SELARAS_SECURE_COOKIES", False),
            session_minutes=_number(env, "SELARAS_SESSION_MINUTES", 120, 5, 1440),
            upload_mb=_number(env, "SELARAS_UPLOAD_MB", 25, 1, 500),
            smtp_url=env.get("SELARAS_SMTP_URL", ""),
            sms_url=env.get("SELARAS_SMS_URL", ""),
            channels_file=env.get("SELARAS_CHANNELS", ""),
            build_processes=_number(env, "SELARAS_BUILD_PROCESSES", 2, 1, 32),
            worker_nice=_number(env, "SELARAS_WORKER_NICE", 10, 0, 19),
            proxies=_number(env, "SELARAS_PROXIES", 0, 0, 5),
        )


def _kept_secret(instance: Path) -> str:
    """A secret of this installation, made once, readable by its owner only."""
    path = instance / "secret_key"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii").strip()

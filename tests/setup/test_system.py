"""What a machine lacks is found by what it cannot do, and asked for in one command."""

import pytest

from bin.setup import system
from bin.setup.say import StopError
from bin.setup.system import Need


@pytest.fixture
def lacking() -> list[Need]:
    return [
        Need("python3-venv", lambda: False),
        Need("here", lambda: True),
        Need("pango", lambda: False),
    ]


def test_only_what_is_missing_is_named_in_order(lacking: list[Need]) -> None:
    assert system.missing(lacking) == ["python3-venv", "pango"]


def test_nothing_missing_nothing_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "_apt", lambda *_: pytest.fail("apt was called"))
    system.ensure([Need("here", lambda: True)])


def test_without_root_it_stops_with_the_one_command(
    lacking: list[Need], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(system, "_privilege", lambda: None)
    monkeypatch.setattr(system, "find", lambda name: f"/usr/bin/{name}")
    with pytest.raises(StopError) as stopped:
        system.ensure(lacking)
    assert (
        "    sudo apt-get update && sudo apt-get install -y --no-install-recommends "
        "python3-venv pango\n" in stopped.value.indonesian
    )


def test_without_sudo_the_command_is_one_for_su(
    lacking: list[Need], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(system, "_privilege", lambda: None)
    monkeypatch.setattr(system, "find", lambda name: None if name == "sudo" else f"/bin/{name}")
    with pytest.raises(StopError, match=r"su -c 'apt-get update && .* python3-venv pango'"):
        system.ensure(lacking)


def test_another_distribution_is_told_the_names(
    lacking: list[Need], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(system, "find", lambda _name: None)
    with pytest.raises(StopError, match=r"bukan Debian/Ubuntu.*python3-venv pango"):
        system.ensure(lacking)


def test_root_installs_and_looks_again(
    lacking: list[Need], monkeypatch: pytest.MonkeyPatch
) -> None:
    installed: list[str] = []
    monkeypatch.setattr(system, "find", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(system, "_privilege", list)
    monkeypatch.setattr(system, "_apt", lambda _prefix, packages: installed.extend(packages))
    with pytest.raises(StopError, match="apt-get install --reinstall python3-venv pango"):
        system.ensure(lacking)
    assert installed == ["python3-venv", "pango"]


def test_venv_stands_first_and_redis_is_left_out_where_a_server_is_configured(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("SELARAS_REDIS_URL", raising=False)
    ours = [need.package for need in system.needs_to_run()]
    assert ours[0].endswith("-venv") and "redis-server" in ours
    monkeypatch.setenv("SELARAS_REDIS_URL", "redis://127.0.0.1:6379/0")
    theirs = [need.package for need in system.needs_to_run()]
    assert "redis-server" not in theirs
    assert "redis-server" in [need.package for need in system.needs_to_test()]


@pytest.mark.parametrize(
    ("release", "fonts"), [("debian", "fonts-liberation2"), ("ubuntu", "fonts-liberation")]
)
def test_fonts_have_another_name_on_ubuntu(
    release: str, fonts: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(system, "release", lambda: release)
    assert fonts in [need.package for need in system.needs_to_run()]

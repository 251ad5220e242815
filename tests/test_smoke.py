"""The portal starts and answers."""

from flask.testing import FlaskClient


def test_stranger_is_sent_to_login(client: FlaskClient) -> None:
    answer = client.get("/")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/masuk")


def test_health(client: FlaskClient) -> None:
    assert client.get("/sehat").text == "sehat"

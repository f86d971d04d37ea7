"""What every answer carries, who is believed, and where forms may come from."""

import asyncio

import pytest
from litestar.connection import ASGIConnection

from portal import doors
from portal.kit import csrf, db
from portal.settings import Settings, settings
from tests.cast import PASSWORD

WAYS = [
    ("GET", "/connexion", 200),
    ("GET", "/compte", 303),
    ("GET", "/nulle/part", 404),
    ("GET", "/api/v1/nulle/part", 404),
    ("GET", "/static/nothing.css", 404),
    ("GET", "/static/portal.css", 200),
    ("DELETE", "/connexion", 405),
    ("POST", "/connexion", 403),
]


@pytest.mark.parametrize(("method", "path", "status"), WAYS)
async def test_every_answer_carries_the_headers(cast, client, method, path, status):
    answer = await client(None).request(method, path)
    assert answer.status_code == status
    for name, value in doors.HEADERS.items():
        assert answer.headers[name] == value
    assert "cache-control" in answer.headers
    assert "unsafe" not in answer.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/connexion", "/static/portal.css", "/sante", "/nulle/part"])
async def test_head_tells_what_get_would_without_the_body(cast, client, path):
    whole, head = await client(None).get(path), await client(None).request("HEAD", path)
    assert (head.status_code, head.content) == (whole.status_code, b"")
    assert head.headers["content-type"] == whole.headers["content-type"]


async def test_who_is_signed_in_and_lost_keeps_the_way_around(cast, client):
    lost, stranger = await client(cast.rachel).get("/nulle/part"), await client(None).get("/nulle/part")
    assert lost.status_code == stranger.status_code == 404
    assert 'href="/recommandations"' in lost.text
    assert 'href="/recommandations"' not in stranger.text


async def test_a_fault_of_ours_carries_the_headers_and_tells_nothing(cast, client, monkeypatch):
    async def broken(*_args: object) -> None:
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr("portal.people.access.sessions", broken)
    answer = await client(cast.rachel).get("/compte")
    assert answer.status_code == 500
    assert answer.headers["content-security-policy"] == doors.CSP
    assert "secret" not in answer.text


async def test_without_a_database_people_read_a_calm_page_and_programs_a_problem(cast, client):
    browser = client(cast.rachel)
    engine = db.engine()
    pool, engine.pool = engine.pool, None
    config, engine.config = engine.config, {**engine.config, "port": 1}
    try:
        page, document = await browser.get("/compte"), await browser.get("/api/v1/moi")
    finally:
        engine.pool, engine.config = pool, config
    assert page.status_code == document.status_code == 503
    assert "Rien n’est perdu" in page.text
    assert document.json()["code"] == "database"


async def test_a_body_beyond_the_limit_is_refused_and_just_below_it_is_read(cast, client):
    rachel = client(cast.rachel)
    small, large = "x" * 200_000, "x" * 300_000
    answer = await rachel.post_form("/compte/mot-de-passe", current=small, password=PASSWORD)
    assert answer.status_code == 422
    answer = await rachel.post_form("/compte/mot-de-passe", current=large, password=PASSWORD)
    assert answer.status_code == 413
    assert answer.headers["content-security-policy"] == doors.CSP


async def test_a_body_in_pieces_is_measured_too(cast, client):
    async def pieces():
        for _ in range(40):
            yield b"a=" + b"x" * 10_000 + b"&"

    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = await client(cast.rachel).post("/compte/mot-de-passe", content=pieces(), headers=headers)
    assert answer.status_code == 413


async def test_over_https_cookies_belong_to_this_host_alone(cast, client, monkeypatch):
    monkeypatch.setattr(doors, "settings", lambda: Settings(base_url="https://portail.example"))
    answer = await client(None).get("/connexion")
    said = answer.headers["set-cookie"]
    assert said.startswith("__Host-visitor=")
    assert "Secure" in said
    assert "HttpOnly" in said
    assert "SameSite=Lax" in said
    assert "Domain" not in said
    assert answer.headers["strict-transport-security"].startswith("max-age=31536000")
    assert doors.session_cookie() == "__Host-session"


ORIGINS = [
    ({"origin": "http://testserver.local"}, 303),
    ({"origin": "https://ailleurs.example"}, 403),
    ({"origin": "null"}, 403),
    ({"origin": ""}, 403),
    (
        {"origin": "https://ailleurs.example", "sec-fetch-site": "same-origin"},
        303,
    ),  # the browser knows better
    ({"sec-fetch-site": "cross-site"}, 403),
    ({"sec-fetch-site": "same-site"}, 403),
]


@pytest.mark.parametrize(("headers", "status"), ORIGINS)
async def test_a_form_comes_from_our_own_pages(cast, client, headers, status):
    rachel = client(cast.rachel)
    rachel.headers.update(headers)
    assert (await rachel.post_form("/compte/sessions/fermeture")).status_code == status


async def test_the_token_of_a_form_belongs_to_one_session(cast, client):
    rachel = client(cast.rachel)
    for given in (
        "",
        "x",
        ".",
        "a.b",
        csrf.token(cast.mina.token),
        csrf.token(""),
        csrf.token(cast.rachel.token)[:-1],
        "é.é",
    ):
        answer = await rachel.post("/compte/sessions/fermeture", data={"csrf": given})
        assert answer.status_code == 403, given
    answer = await rachel.post(
        "/compte/sessions/fermeture", headers={"x-csrf-token": csrf.token(cast.rachel.token)}
    )
    assert answer.status_code == 303


async def test_a_garbage_cookie_locks_nobody_out(cast, client):
    browser = client(None)
    browser.cookies.set("session", "garbage", domain="testserver.local")
    browser.cookies.set("visitor", "gar%bage;", domain="testserver.local")
    await browser.get("/connexion")
    browser.binding = "gar%bage"
    page = await browser.get("/connexion")
    token = page.text.split('name="csrf" value="')[1].split('"')[0]
    answer = await browser.post(
        "/connexion", data={"csrf": token, "email": cast.rachel.email, "password": PASSWORD}
    )
    assert answer.status_code == 303


FORWARDED = [
    ((), "9.9.9.9", "1.1.1.1", "9.9.9.9"),  # nobody is trusted: the header is words
    (("10.0.0.0/8",), "9.9.9.9", "1.1.1.1", "9.9.9.9"),
    (("10.0.0.0/8",), "10.0.0.1", "1.1.1.1", "1.1.1.1"),
    (("10.0.0.0/8",), "10.0.0.1", "1.1.1.1, 2.2.2.2", "2.2.2.2"),  # what a client wrote itself stands left
    (("10.0.0.0/8",), "10.0.0.1", "1.1.1.1, 2.2.2.2, 10.0.0.2", "2.2.2.2"),
    (("10.0.0.0/8",), "10.0.0.1", "", "10.0.0.1"),
    (("10.0.0.0/8",), "10.0.0.1", "garbage", "garbage"),
]


@pytest.mark.parametrize(("trusted", "peer", "header", "address"), FORWARDED)
def test_the_address_is_believed_only_from_proxies_we_trust(monkeypatch, trusted, peer, header, address):
    monkeypatch.setattr(doors, "settings", lambda: Settings(trusted_proxies=trusted))
    scope = {"type": "http", "client": (peer, 1), "headers": [(b"x-forwarded-for", header.encode())]}
    assert doors.address_of(ASGIConnection(scope)) == address  # type: ignore[arg-type]


async def test_the_log_names_the_route_and_the_user_and_nothing_else(cast, client, capsys):
    rachel = client(cast.rachel)
    rachel.cookies.set("langue", "en", domain="testserver.local")
    await rachel.get("/connexion/lien/un-jeton-bien-secret?q=privé")
    await rachel.post_form("/compte/mot-de-passe", current=PASSWORD, password="court")
    lines = capsys.readouterr().out
    assert '"path": "/connexion/lien/{token' in lines
    assert f'"user_id": {cast.rachel.user_id}' in lines
    for secret in ("un-jeton-bien-secret", "privé", PASSWORD, cast.rachel.token, "court", "rachel"):
        assert secret not in lines


async def test_pages_speak_the_language_of_whoever_reads(cast, client):
    visitor = client(None)
    french = await visitor.get("/connexion")
    english = await visitor.get("/connexion", headers={"accept-language": "en-GB,en;q=0.9"})
    assert '<html lang="fr"' in french.text
    assert '<html lang="en"' in english.text
    texts = await asyncio.gather(
        *(visitor.get("/connexion", headers={"accept-language": one}) for one in ("en", "fr") * 5)
    )
    assert ['lang="en"' in answer.text.split(">")[1] for answer in texts] == [True, False] * 5


def test_the_settings_of_the_tests_are_those_of_a_plain_http_demo():
    assert not settings().secure_cookies

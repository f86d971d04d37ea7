"""Public registers, played by a server of our own that answers as their published interfaces say. Non vérifié en réel."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from portal.kit import db
from portal.kit.days import today
from portal.referrers import access
from portal.referrers.registers import Silent, asking, company_search, vies
from portal.settings import settings

DATA = Path(__file__).parent.parent / "data" / "registers"


@contextmanager
def register(
    body: bytes, status: int = 200, seconds: float = 0
) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Its address, and what it was asked: path and body."""
    asked: list[tuple[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            asked.append((self.path, self.rfile.read(length).decode()))
            time.sleep(seconds)
            with suppress(BrokenPipeError):  # who asked did not wait
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.end_headers()
                self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, *_said: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


def answer(name: str) -> bytes:
    return (DATA / f"{name}.json").read_bytes()


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def switch_on(monkeypatch):
    def on(**urls: str) -> None:
        for name, url in urls.items():
            monkeypatch.setattr(settings(), name, url)

    return on


async def test_off_unless_the_address_is_given(cast, client):
    assert not company_search.is_on()
    assert not vies.is_on()
    assert (
        "Compléter depuis le registre"
        not in (await client(cast.mina).get("/profil/coordonnees?statut=company")).text
    )
    page = (await client(cast.alice).get("/reglages/registres")).text
    assert "Non vérifié en réel" in page
    assert page.count("Désactivé") == 2


async def test_a_company_is_read(switch_on):
    with register(answer("company")) as (url, asked):
        switch_on(company_search_url=url)
        [found] = await company_search.look_up("40483304800022")
    assert (found.name, found.legal_form, found.naf) == ("MORIN CONSEIL", "SARL", "70.22Z")
    assert (found.street, found.postcode, found.city) == ("12 RUE DES LILAS", "69003", "Lyon")
    assert found.active
    assert asked[0][0].startswith("/search?q=40483304800022&page=1")


async def test_a_trader_who_hides_their_address_shows_their_name_alone(switch_on):
    with register(answer("trader")) as (url, _asked):
        switch_on(company_search_url=url)
        [found] = await company_search.look_up("552100554")
    assert (found.first_name, found.last_name, found.street, found.postcode) == ("Mina", "Kaci", "", "")


async def test_the_profile_is_completed_and_nothing_is_saved_before_it_is_read_again(cast, client, switch_on):
    mina = client(cast.mina)
    with register(answer("company")) as (url, _asked):
        switch_on(company_search_url=url)
        page = await mina.post_form(
            "/profil/coordonnees", status="company", siret="404 833 048 00022", company_name="", legal_form="", street="",
            postcode="", city="", complete="1",
        )  # fmt: skip
    assert page.status_code == 200
    assert 'value="MORIN CONSEIL"' in page.text
    assert 'value="12 RUE DES LILAS"' in page.text
    assert "Complété depuis le registre" in page.text
    assert (await access.referrer(cast.mina.referrer_id))["company_name"] == ""
    assert await db.value("SELECT result FROM register_answer WHERE register = 'company'") == "active"


async def test_a_company_that_has_ceased_is_refused_with_its_day(cast, client, switch_on):
    with register(answer("company_ceased")) as (url, _asked):
        switch_on(company_search_url=url)
        page = await client(cast.mina).post_form(
            "/profil/coordonnees",
            status="company",
            siret="40483304800022",
            company_name="Morin",
            complete="1",
        )
    assert "a cessé son activité le 31 mars 2025" in page.text.replace("\u00a0", " ")
    assert 'value="Morin"' in page.text


async def test_one_that_the_register_does_not_know_may_go_on_without_it(cast, client, switch_on):
    with register(answer("company_none")) as (url, _asked):
        switch_on(company_search_url=url)
        page = await client(cast.mina).post_form(
            "/profil/coordonnees", status="company", siret="40483304800022", complete="1"
        )
    assert "Le registre ne connaît pas ce numéro" in page.text


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"", 200), (b"<html>", 200), (b"[]", 200), (b'{"results": [{}]}', 200), (b'{"results": "no"}', 200), (b"{}", 429), (b"{}", 302),
     (b"x" * (asking.MOST_BYTES + 1), 200)],
)  # fmt: skip
async def test_whatever_is_no_answer_is_silence_and_the_page_says_to_go_on(
    cast, client, switch_on, body, status
):
    with register(body, status) as (url, _asked):
        switch_on(company_search_url=url)
        page = await client(cast.mina).post_form(
            "/profil/coordonnees",
            status="company",
            siret="40483304800022",
            company_name="Morin",
            complete="1",
        )
    assert page.status_code == 200
    assert "Le registre ne répond pas" in page.text
    assert 'value="Morin"' in page.text


async def test_a_slow_or_absent_register_is_not_waited_for(switch_on, monkeypatch):
    monkeypatch.setattr(asking, "SECONDS", 0.2)
    with register(answer("company"), seconds=1) as (url, _asked):
        switch_on(company_search_url=url)
        with pytest.raises(Silent):
            await company_search.look_up("404833048")
    switch_on(company_search_url="http://127.0.0.1:9")
    with pytest.raises(Silent):
        await company_search.look_up("404833048")


async def test_a_vat_number_is_checked_with_our_own_as_requester_and_the_proof_is_kept(
    cast, client, switch_on
):
    remi = await access.referrer(cast.remi.referrer_id)
    fanny = client(cast.fanny)
    with register(answer("vat_valid")) as (url, asked):
        switch_on(vies_url=url)
        assert "Vérifier le numéro de TVA" in (await fanny.get(f"/apporteurs/{remi['ref']}")).text
        assert (await fanny.post_form(f"/apporteurs/{remi['ref']}/numero-tva")).status_code == 303
    path, body = asked[0]
    assert path == "/check-vat-number"
    assert json.loads(body) == {
        "countryCode": "FR", "vatNumber": "83404833048", "requesterMemberStateCode": "FR", "requesterNumber": "44732829320",
    }  # fmt: skip
    check = await access.vat_check_on(cast.remi.referrer_id, today())
    assert (check["result"], check["consultation"]) == ("valid", "WAPIAAAAZqMp5Tt1")
    assert "WAPIAAAAZqMp5Tt1" in (await fanny.get(f"/apporteurs/{remi['ref']}")).text


async def test_a_number_that_vies_does_not_know_is_no_number_that_it_could_not_ask_about(switch_on):
    with register(answer("vat_invalid")) as (url, _asked):
        switch_on(vies_url=url)
        said = await vies.vat_answer("DE136695976")
        assert (said.valid, said.name) == (False, "")
    with register(answer("vat_unavailable")) as (url, _asked):
        switch_on(vies_url=url)
        with pytest.raises(Silent):
            await vies.vat_answer("DE136695976")


async def test_a_silent_vies_says_so_and_keeps_nothing(cast, client, switch_on):
    remi = await access.referrer(cast.remi.referrer_id)
    with register(answer("vat_unavailable")) as (url, _asked):
        switch_on(vies_url=url)
        page = await client(cast.fanny).post_form(f"/apporteurs/{remi['ref']}/numero-tva")
    assert page.status_code == 503
    assert "Le registre ne répond pas" in page.text
    assert await db.value("SELECT count(*) FROM register_answer") == 0

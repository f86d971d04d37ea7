"""Each call against answers written from the published description (XP Z12-013 1.3.0), and what we send. Non vérifié en réel."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from portal.invoicing.platform import calling, interface
from portal.invoicing.platform.calling import Rejected, Unreachable
from portal.settings import settings
from tests.referrers.test_registers import register

DATA = Path(__file__).parent.parent / "data" / "platform"


def said(name: str) -> bytes:
    return (DATA / f"{name}.json").read_bytes()


@pytest.fixture
def answers(monkeypatch):
    """A server that answers one thing to whatever is asked; the token is at hand."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")

    def to(body: bytes, status: int = 200):
        opened = register(body, status)

        class Asked:
            def __enter__(self):
                url, asked = opened.__enter__()
                for name in ("platform_flow_url", "platform_directory_url", "platform_token_url"):
                    monkeypatch.setattr(settings(), name, url)
                monkeypatch.setattr(settings(), "platform_client_id", "us")
                monkeypatch.setattr(settings(), "platform_client_secret", "hush")
                calling._tokens[calling._key()] = calling.Token("un jeton", datetime(2100, 1, 1, tzinfo=UTC))
                return asked

            def __exit__(self, *how):
                calling._tokens.clear()
                return opened.__exit__(*how)

        return Asked()

    return to


async def test_a_deposit_is_multipart_with_what_the_standard_requires(answers):
    with answers(said("deposited"), 202) as asked:
        given = await interface.deposit(
            b"%PDF-1", "F1.pdf", "application/pdf", "Factur-X", "B2B", "7N3Q9XK2ZV"
        )
    assert given == "8d1d7f6c2c6f4b0f9a53e31f6e1f1a01"
    [(path, body)] = asked
    assert path == "/v1/flows"
    for part in ('name="flowInfo"', "application/json", '"flowSyntax":"Factur-X"', '"name":"F1.pdf"', '"processingRule":"B2B"',
                 '"trackingId":"7N3Q9XK2ZV"', '"sha256":"', 'name="file"', "application/pdf", "%PDF-1"):  # fmt: skip
        assert part in body


async def test_a_flow_is_found_by_our_tracking_id_and_pages_follow_a_cursor(answers):
    with answers(said("found")) as asked:
        flow = await interface.tracked("7N3Q9XK2ZV")
        page = await interface.changed(datetime(2026, 11, 22, tzinfo=UTC), "abc")
    assert flow
    assert (flow.flow_id, flow.acknowledgement.status, flow.is_twin) == (
        "8d1d7f6c2c6f4b0f9a53e31f6e1f1a01",
        "Ok",
        False,
    )
    assert page.next_cursor == "eyJpZCI6MTIzNH0="
    assert asked[0][1] == '{"where":{"trackingId":"7N3Q9XK2ZV"},"limit":100}'
    assert (
        asked[1][1] == '{"where":{"updatedAfter":"2026-11-22T00:00:00.000000Z"},"limit":100,"cursor":"abc"}'
    )


async def test_pending_refused_and_nothing_are_told_apart(answers):
    with answers(said("found_pending")):
        pending = await interface.tracked("7N3Q9XK2ZV")
    with answers(said("found_refused")):
        refused = await interface.tracked("7N3Q9XK2ZV")
    with answers(said("found_nothing")):
        assert await interface.tracked("7N3Q9XK2ZV") is None
    assert pending
    assert refused
    assert (pending.acknowledgement.status, pending.faults) == ("Pending", [])
    assert refused.said == "InvalidSchema : ligne 12"  # a warning refuses nothing


async def test_the_directory_is_asked_strictly_by_siren(answers):
    with answers(said("directory")) as asked:
        [line] = await interface.lines_of("404833048")
    assert (line.addressing_identifier, line.directory_line_status) == ("404833048", "Enabled")
    assert line.legal_unit
    assert line.legal_unit.business_name == "MORIN CONSEIL"
    assert asked[0][0] == "/v1/directory-line/search"
    assert '"siren":{"op":"strict","value":"404833048"}' in asked[0][1]


async def test_a_webhook_answers_its_id_and_its_key(answers):
    with answers(said("webhook"), 201) as asked:
        hook = await interface.listen("https://portail.example/webhooks/plateforme")
    assert hook.webhook_id == "0d2b4d7e-5f3c-4c9e-8a51-0f6f8f1c2d3e"
    assert '"callbackUrl":"https://portail.example/webhooks/plateforme"' in asked[0][1]


async def test_a_flow_is_read_as_it_was_sent(answers):
    with answers(b"<xml/>") as asked:
        assert await interface.original("a/b c") == b"<xml/>"
    assert asked[0][0] == "/v1/flows/a%2Fb%20c?docType=Original"


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (401, "locked"),
        (403, "locked"),
        (408, "busy"),
        (429, "busy"),
        (500, "broken"),
        (503, "broken"),
        (302, "broken"),
    ],
)
async def test_what_may_pass_by_itself_is_tried_again_later(answers, status, code):
    with answers(said("error_429"), status), pytest.raises(Unreachable) as why:
        await interface.alive()
    assert why.value.code == code


@pytest.mark.parametrize("status", [400, 404, 413, 422])
async def test_what_is_refused_for_good_says_why(answers, status):
    with answers(said("error_400"), status), pytest.raises(Rejected) as no:
        await interface.deposit(b"", "", "application/pdf", "Factur-X", "B2B", "T")
    assert (no.value.status, no.value.said) == (status, "MISSING_REQUIRED_FIELD : Invalid request format")


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"results": 3}', b'{"results": [{"flowId": 1}]}', b"\xff\xfe"]
)
async def test_a_malformed_body_is_no_answer(answers, body):
    with answers(body), pytest.raises(Unreachable, match="garbled"):
        await interface.tracked("T")

"""A platform that calls: proved by its signature, and believed in nothing else."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta

import pytest

from portal.invoicing.platform import interface
from portal.jobs.queue import work_off
from portal.kit.days import now
from tests.platform.test_statuses import issued, told_codes
from tests.platform.told import status

PATH, TRY = "/webhooks/plateforme", "/factures/electronique/essai"


@pytest.fixture
async def connected(books, platform, client) -> str:
    """Tried once by finance: the platform was asked to call us. Its key."""
    answer = await client(books.cast.fanny).post_form(TRY)
    assert answer.status_code == 303
    [(url, key)] = platform.hooks.values()
    assert url == f"http://testserver.local{PATH}"
    return key


async def test_a_call_makes_us_look_and_what_we_find_is_what_counts(books, platform, client, connected):
    paper = await issued(books)
    flow_id = platform.brings(status(paper, "205"))
    body, headers = platform.call_of(flow_id, connected)
    assert (await client(None).post(PATH, content=body, headers=headers)).status_code == 200
    await work_off()
    assert await told_codes(paper) == ["205"]


async def test_the_same_call_replayed_moves_nothing_more(books, platform, client, connected):
    paper = await issued(books)
    body, headers = platform.call_of(platform.brings(status(paper, "207", reason=("AUTRE", ""))), connected)
    for _time in range(4):
        await client(None).post(PATH, content=body, headers=headers)
        await work_off()
    assert await told_codes(paper) == ["207"]


async def test_a_forged_call_is_turned_away_and_nothing_is_asked(books, platform, client, connected):
    paper = await issued(books)
    body, headers = platform.call_of(platform.brings(status(paper, "210", reason=("DOUBLON", ""))), connected)
    forged = [
        (body, {**headers, "afnor-signature": base64.b64encode(b"x" * 32).decode()}),
        (body.replace(b"SupplierInvoiceLC", b"CustomerInvoiceLC"), headers),
        (body, {**headers, "afnor-signature-timestamp": "1700000000"}),
        (body, {**headers, "afnor-signature-timestamp": "now"}),
        (body, {name: value for name, value in headers.items() if name != "afnor-signature"}),
    ]
    before = len(platform.asked)
    for content, signed in forged:
        assert (await client(None).post(PATH, content=content, headers=signed)).status_code == 400
    await work_off()
    assert "GET /v1/flows" not in " ".join(platform.asked[before:])
    assert await told_codes(paper) == []


async def test_a_call_signed_well_that_lies_of_its_content_is_not_believed(
    books, platform, client, connected
):
    """It names a flow that the platform does not have: the platform says so, nothing moves."""
    paper = await issued(books)
    body = json.dumps({"flowId": "made up", "acknowledgement": {"status": "Ok"}}).encode()
    stamp = str(int(now().timestamp()))
    digest = hashlib.sha256(body + b"@" + stamp.encode()).digest()
    signature = base64.b64encode(hmac.digest(base64.b64decode(connected), digest, "sha256")).decode()
    headers = {"afnor-signature": signature, "afnor-signature-timestamp": stamp}
    assert (await client(None).post(PATH, content=body, headers=headers)).status_code == 200
    await work_off()
    assert await told_codes(paper) == []


@pytest.mark.parametrize("off", [-299, 299])
def test_a_signature_holds_for_five_minutes(off):
    key, body, at = base64.b64encode(b"k" * 32).decode(), b"{}", now()
    stamp = str(int(at.timestamp()))
    signature = base64.b64encode(
        hmac.digest(b"k" * 32, hashlib.sha256(body + b"@" + stamp.encode()).digest(), "sha256")
    ).decode()
    assert interface.is_signed(body, key, signature, stamp, at + timedelta(seconds=off))
    assert not interface.is_signed(body, key, signature, stamp, at + timedelta(seconds=off * 2))


async def test_without_a_platform_a_call_is_turned_away(base, client):
    assert (await client(None).post(PATH, content=b"{}")).status_code == 400

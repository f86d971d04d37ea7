"""A paper goes to the platform once, whatever answers are lost."""

import asyncio
import hashlib
from html import unescape

import pytest

from portal.demo.platform import DROPPED, GARBLED, LOST
from portal.invoicing import tasks
from portal.invoicing.platform import inbox, outbox
from portal.invoicing.platform.calling import Unreachable
from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.deed import deed
from portal.settings import settings
from tests.platform.conftest import flow_states

POST = "POST /v1/flows"


async def test_without_a_platform_nothing_is_queued_and_nothing_is_asked(books):
    await books.earns(books.cast.remi, 500_00)
    await books.issue()
    await work_off()
    assert await flow_states() == []


async def test_an_invoice_goes_as_its_factur_x_with_its_fingerprint(books, platform):
    await books.earns(books.cast.remi, 500_00)
    [paper] = await books.issue()
    await work_off()
    [flow] = platform.deposited()
    assert (flow["flowSyntax"], flow["processingRule"], flow["name"]) == (
        "Factur-X",
        "B2B",
        f"{paper['number']}.pdf",
    )
    body = platform.bodies[flow["flowId"]]
    assert body.startswith(b"%PDF-")
    sent = await db.row("SELECT * FROM platform_flow")
    assert (sent["state"], sent["external_id"], sent["sha256"]) == (
        "deposited",
        flow["flowId"],
        hashlib.sha256(body).digest(),
    )
    assert flow["trackingId"] == sent["tracking_id"]


async def test_an_individual_gets_no_electronic_invoice(books, platform):
    await books.earns(books.cast.rachel, 500_00)
    [paper] = await books.issue()
    await work_off()
    assert (paper["kind"], platform.deposited()) == ("receipt", [])


async def test_a_micro_entrepreneur_under_293_b_is_a_taxable_person_and_gets_one(books, platform):
    await books.earns(books.cast.mina, 500_00)
    await books.issue()
    await work_off()
    assert len(platform.deposited()) == 1


async def _waits(books, platform, *faults) -> int:
    """An invoice printed, whose deposit is about to go wrong like this; the id of its flow."""
    await books.earns(books.cast.remi, 500_00)
    platform.fails(POST, *faults)
    await books.issue()
    with pytest.raises(Unreachable):
        await work_off()
    return await db.value("SELECT id FROM platform_flow")


@pytest.mark.parametrize("fault", [LOST, DROPPED, GARBLED, 429, 500, 503])
async def test_an_answer_that_fails_leaves_it_waiting_and_the_next_try_deposits_it_once(
    books, platform, fault
):
    flow_id = await _waits(books, platform, fault)
    assert await flow_states() == ["waiting"]
    await tasks.send_flow(flow_id)
    assert await flow_states() == ["deposited"]
    assert len(platform.deposited()) == 1


async def test_a_lost_answer_is_found_again_by_the_tracking_id_and_nothing_is_posted_anew(books, platform):
    flow_id = await _waits(books, platform, LOST)
    await tasks.send_flow(flow_id)
    assert platform.asked.count(POST) == 1
    assert await db.value("SELECT external_id FROM platform_flow") == platform.deposited()[0]["flowId"]


async def test_lost_ten_times_in_a_row_it_is_there_once(books, platform):
    flow_id = await _waits(books, platform, LOST)
    platform.fails("POST /v1/flows/search", *[LOST, 500, 429, GARBLED, DROPPED] * 2)
    for _try in range(10):
        with pytest.raises(Unreachable):
            await tasks.send_flow(flow_id)
    await tasks.send_flow(flow_id)
    assert (await flow_states(), len(platform.deposited())) == (["deposited"], 1)


async def test_a_twin_refused_as_one_does_not_refuse_the_first(books, platform):
    """The search was behind: the same was deposited twice under one tracking id."""
    flow_id = await _waits(books, platform, LOST)
    [first] = platform.deposited()
    hidden, platform.flows[first["flowId"]] = first, {**first, "trackingId": "not indexed yet"}
    await tasks.send_flow(flow_id)
    platform.flows[hidden["flowId"]] = hidden
    platform.checks()
    twin = next(one for one in platform.deposited() if one["flowId"] != hidden["flowId"])
    twin["acknowledgement"] = {
        "status": "Error", "details": [{"level": "Error", "item": "", "reasonCode": "AlreadyExistingFlow", "reasonMessage": ""}],
    }  # fmt: skip
    await inbox.poll()
    assert await flow_states() == ["accepted"]
    assert await db.value("SELECT external_id FROM platform_flow") == hidden["flowId"]


async def test_two_workers_at_once_deposit_it_once(books, platform):
    flow_id = await _waits(books, platform, DROPPED)
    await asyncio.gather(tasks.send_flow(flow_id), tasks.send_flow(flow_id))
    assert len(platform.deposited()) == 1


async def test_a_token_that_is_no_longer_taken_is_renewed_once(books, platform):
    await books.earns(books.cast.remi, 500_00)
    platform.fails(POST, 401)
    await books.issue()
    await work_off()
    assert await flow_states() == ["deposited"]
    assert platform.asked.count("POST /token") == 2


async def test_wrong_credentials_leave_it_waiting_and_are_never_shown(books, platform, client, monkeypatch):
    monkeypatch.setattr(settings(), "platform_client_secret", "un autre secret")
    await books.earns(books.cast.remi, 500_00)
    await books.issue()
    with pytest.raises(Unreachable, match="locked"):
        await work_off()
    assert (await db.row("SELECT state, fault FROM platform_flow"))["fault"] == "locked"
    page = await client(books.cast.fanny).get("/factures/electronique")
    assert page.status_code == 200
    assert "un autre secret" not in page.text


async def test_a_refusal_is_said_to_finance_and_can_be_sent_again_as_a_new_deposit(books, platform, client):
    await books.earns(books.cast.remi, 500_00)
    platform.fails(POST, 422)
    await books.issue()
    await work_off()
    flow = await db.row("SELECT * FROM platform_flow")
    assert (flow["state"], flow["fault"]) == ("refused", "INJECTED : as told")
    assert (
        await db.value("SELECT count(*) FROM mail_message WHERE kind = 'invoicing.flow_refused'") == 2
    )  # Fanny and Fred
    fanny = client(books.cast.fanny)
    await fanny.post_form(f"/factures/electronique/envois/{flow['ref']}/reprise")
    await work_off()
    after = await db.row("SELECT * FROM platform_flow")
    assert (after["state"], after["tracking_id"] != flow["tracking_id"]) == ("deposited", True)


async def test_what_the_platform_has_taken_is_not_sent_again(books, platform, client):
    await books.earns(books.cast.remi, 500_00)
    await books.issue()
    await work_off()
    ref = await db.value("SELECT ref FROM platform_flow")
    answer = await client(books.cast.fanny).post_form(f"/factures/electronique/envois/{ref}/reprise")
    assert answer.status_code == 409
    assert platform.asked.count(POST) == 1


async def test_papers_issued_before_the_platform_was_connected_go_when_finance_says_so(
    books, platform, client, monkeypatch
):
    url = settings().platform_flow_url
    monkeypatch.setattr(settings(), "platform_flow_url", "")
    await books.earns(books.cast.remi, 500_00)
    await books.issue()
    await work_off()
    monkeypatch.setattr(settings(), "platform_flow_url", url)
    fanny = client(books.cast.fanny)
    page = unescape((await fanny.get("/factures/electronique")).text)
    assert "1 facture n’a pas encore été transmise" in page
    await fanny.post_form("/factures/electronique/envoi")
    await work_off()
    assert len(platform.deposited()) == 1


async def test_a_job_that_died_is_taken_up_by_the_clock(books, platform):
    flow_id = await _waits(books, platform, DROPPED)
    async with deed(books.cast.fanny.person):
        await outbox.wake()
    await work_off()
    assert (await flow_states(), len(platform.deposited()), flow_id > 0) == (["deposited"], 1, True)


async def test_without_a_platform_finance_reads_what_to_do_and_the_administrator_the_names(books, client):
    """Names of settings are for who installs; finance is told whom to give what."""
    finance = (await client(books.cast.fanny).get("/factures/electronique")).text
    assert "PORTAL_PLATFORM" not in finance
    assert "votre administrateur enregistre" in finance
    assert "PORTAL_PLATFORM_FLOW_URL" in (await client(books.cast.alice).get("/factures/electronique")).text

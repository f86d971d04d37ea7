"""Our own Stripe answers as the published one says it does, seen through Stripe's own library."""

import pytest

from portal.demo.fake_stripe.asked import nested
from portal.demo.fake_stripe.bank import Bank
from portal.demo.fake_stripe.faults import Fault
from portal.demo.fake_stripe.server import Server
from portal.payouts.stripe.client import Said, Silent, Stripe, connected
from portal.payouts.stripe.rules import AccountState, Made


async def verified(stripe: Stripe, bank: Bank) -> str:
    account = await stripe.open_account(
        "open-1", email="remi@morin.example", country="FR", business_type="company", number="AP0001"
    )
    bank.verify(account.account)
    return account.account


async def asked(stripe: Stripe, account: str, key: str = "k1", cents: int = 432_00) -> Made:
    return await stripe.transfer(key, account=account, amount_cents=cents, group="L1", text="VIR-1")


def test_brackets_are_nested_values():
    assert nested("amount=5&metadata[key]=k&capabilities[transfers][requested]=true") == {
        "amount": "5", "metadata": {"key": "k"}, "capabilities": {"transfers": {"requested": "true"}},
    }  # fmt: skip


async def test_an_account_is_opened_once_under_its_key_and_verified_later(fake: Server):
    async with connected() as stripe:
        first = await verified(stripe, fake.bank)
        assert await verified(stripe, fake.bank) == first
        assert len(fake.bank.holds["accounts"]) == 1
        assert (await stripe.account(first)).state is AccountState.VERIFIED


async def test_a_link_of_an_account_serves_once(fake: Server):
    async with connected() as stripe:
        account = await verified(stripe, fake.bank)
        link = await stripe.link(account, back="http://testserver.local/b", again="http://testserver.local/a")
    assert link.startswith(f"{fake.address}/onboarding/")
    token = link.rsplit("/", 1)[1]
    assert fake.bank.take_link(token) is not None
    assert fake.bank.take_link(token) is None


async def test_the_same_key_gives_the_same_transfer(fake: Server):
    async with connected() as stripe:
        account = await verified(stripe, fake.bank)
        first, second = await asked(stripe, account), await asked(stripe, account)
        assert first == second
        assert await stripe.available_cents() == 10_000_00 - 432_00
        assert await stripe.find("k1", "L1") == first


async def test_the_same_key_with_another_amount_is_an_error_that_says_nothing_of_the_first(fake: Server):
    async with connected() as stripe:
        account = await verified(stripe, fake.bank)
        await asked(stripe, account)
        with pytest.raises(Silent):
            await asked(stripe, account, cents=1)


async def test_a_forgotten_key_makes_a_second_transfer(fake: Server):
    async with connected() as stripe:
        account = await verified(stripe, fake.bank)
        first = await asked(stripe, account)
        fake.bank.forget_answers()
        assert (await asked(stripe, account)).transfer != first.transfer


@pytest.mark.parametrize(
    ("fault", "made"),
    [(Fault.LOST_BEFORE, 0), (Fault.LOST_AFTER, 1), (Fault.TOO_MANY, 0), (Fault.BROKEN, 0), (Fault.BROKEN_AFTER, 1)],
)  # fmt: skip
async def test_no_answer_does_not_say_whether_it_was_done(fake: Server, fault: Fault, made: int):
    async with connected() as stripe:
        account = await verified(stripe, fake.bank)
        fake.faults.coming.append(fault)
        with pytest.raises(Silent):
            await asked(stripe, account)
    assert len(fake.bank.transfers) == made


async def test_an_error_of_stripes_own_is_the_answer_to_its_key(fake: Server):
    async with connected() as stripe:
        account = await verified(stripe, fake.bank)
        fake.faults.coming.append(Fault.BROKEN)
        for _ in range(2):
            with pytest.raises(Silent) as silence:
                await asked(stripe, account)
            assert silence.value.kept
        assert (await asked(stripe, account, key="k2")).amount_cents == 432_00


async def test_a_load_that_is_too_heavy_leaves_the_key_free(fake: Server):
    async with connected() as stripe:
        account = await verified(stripe, fake.bank)
        fake.faults.coming.append(Fault.TOO_MANY)
        with pytest.raises(Silent) as silence:
            await asked(stripe, account)
        assert not silence.value.kept
        assert (await asked(stripe, account)).amount_cents == 432_00


async def test_what_the_balance_cannot_pay_is_declined_and_stays_so_under_its_key(fake: Server):
    async with connected() as stripe:
        account = await verified(stripe, fake.bank)
        for _ in range(2):
            with pytest.raises(Said) as no:
                await asked(stripe, account, cents=10_000_01)
            assert no.value.code == "balance_insufficient"
            fake.bank.top_up(1)
        assert (await asked(stripe, account, key="k2", cents=10_000_01)).amount_cents == 10_000_01


async def test_an_account_that_is_not_verified_takes_nothing(fake: Server):
    async with connected() as stripe:
        account = await verified(stripe, fake.bank)
        fake.bank.restrict(account)
        with pytest.raises(Said) as no:
            await asked(stripe, account)
        assert no.value.code == "insufficient_capabilities_for_transfer"
        assert (await stripe.account(account)).state is AccountState.RESTRICTED


async def test_what_is_reversed_comes_back_to_the_balance(fake: Server):
    async with connected() as stripe:
        account = await verified(stripe, fake.bank)
        made = await asked(stripe, account)
        fake.bank.reverse(made.transfer, {"amount": 100_00})
        assert (await stripe.transfer_by(made.transfer)).reversed_cents == 100_00
        fake.bank.reverse(made.transfer)
        assert (await stripe.transfer_by(made.transfer)).reversed_cents == 432_00
        assert await stripe.available_cents() == 10_000_00


async def test_another_key_of_the_company_is_refused(fake: Server, monkeypatch: pytest.MonkeyPatch):
    from portal.settings import settings

    monkeypatch.setenv("PORTAL_STRIPE_KEY", "sk_test_another")
    settings.cache_clear()
    async with connected() as stripe:
        with pytest.raises(Silent) as silence:
            await stripe.available_cents()
    assert silence.value.code == "key_refused"


def test_what_it_holds_outlives_it(tmp_path):
    bank = Bank(500, tmp_path / "stripe.json")
    account = bank.open_account({"country": "FR"})
    bank.save()
    assert Bank(keeps=tmp_path / "stripe.json").holds["accounts"] == {account["id"]: account}

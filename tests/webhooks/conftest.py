import pytest

from portal.demo.fake_stripe.server import Server
from tests.cast import Cast
from tests.stripe.conftest import fake as our_stripe
from tests.stripe.scene import Scene, scene_of

fake = our_stripe


@pytest.fixture
async def scene(cast: Cast, fake: Server) -> Scene:
    """Rachel, Rémi and Mina are paid by Stripe."""
    return await scene_of(cast, fake)

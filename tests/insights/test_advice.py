"""What a home advises leads somewhere."""

import re

import pytest

from portal.app import routes
from portal.insights import rules
from portal.insights.rules import Advice

ADVICES = [one for one in vars(rules).values() if isinstance(one, Advice)]


@pytest.mark.parametrize("advice", ADVICES, ids=lambda one: one.href)
def test_every_advice_leads_to_a_page_of_the_house(advice: Advice):
    wanted = advice.href.replace("{}", "x")
    pages = [
        re.sub(r"\{[^}]*\}", "[^/]+", path)
        for one in routes()
        for path in one.paths
        if "GET" in one.http_methods
    ]
    assert any(re.fullmatch(page, wanted) for page in pages)

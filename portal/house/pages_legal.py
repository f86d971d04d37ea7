"""The pages that the law asks for: who publishes this site, what becomes of the data, how accessible it is."""

from portal.company import access as company
from portal.kit.days import today
from portal.kit.web import ANYONE, Answer, get, page

KEPT = (
    "retention.accounting_years",
    "retention.contract_years",
    "retention.prospect_years",
    "retention.unanswered_recommendation_days",
    "retention.inactive_account_years",
    "retention.log_months",
)


@get("/mentions-legales", allows=ANYONE)
async def imprint() -> Answer:
    return page("legal/imprint.html", entity=await company.legal_entity())


@get("/confidentialite", allows=ANYONE)
async def privacy() -> Answer:
    figures = await company.figures()
    kept = {code.removeprefix("retention."): figures.whole(code, today()) for code in KEPT}
    return page("legal/privacy.html", entity=await company.legal_entity(), kept=kept)


@get("/accessibilite", allows=ANYONE)
async def accessibility() -> Answer:
    return page("legal/accessibility.html", entity=await company.legal_entity())

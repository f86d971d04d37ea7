"""The story of the demo, as tables: who joins, what they recommend, how it ends, how clients pay, how months close.

Delays are days since the step before; `ago` counts back from the day on which the demo is built."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

from portal.referrers.rules import Regime, Status

LOUD = timedelta(days=21)  # the last weeks are told by mail and lived day by day, what came before is not
NIGHTLY = timedelta(days=45)  # since when the clock strikes each night; each week before
MONTHS = 24  # that are told
CLIENTS = 14  # in files that are brought in
STRANGERS = 40  # who come by other ways, or of whom more is told
PRINTED = timedelta(days=60)  # papers that are printed while the demo is built; the worker prints the others

S, R = Status, Regime


# Who joins

# What a referrer goes through before being active.
PATHS = {
    "invited": (("invite", 0),),
    "half_done": (("invite", 0), ("open_account", 1), ("fill_profile", 1)),
    "offered": (("invite", 0), ("open_account", 1), ("fill_profile", 0), ("give_bank", 0), ("apply", 0),
                ("offer_contract", 0)),
}  # fmt: skip
PATHS["undersigned"] = (*PATHS["offered"], ("sign_contract", 2))
PATHS["online"] = (*PATHS["undersigned"], ("countersign", 1))
PATHS["employee"] = (*PATHS["online"], ("employer_agrees", 3))
PATHS["two_sign"] = (
    ("invite", 0),
    ("open_account", 1),
    ("name_second", 0),
    *PATHS["offered"][2:],
    ("sign_contract", 2),
    ("sign_second", 1),
    ("countersign", 1),
)
PATHS["agreed"] = (
    ("invite", 0),
    ("open_account", 1),
    ("pass_gates", 0),
    *PATHS["offered"][2:],
    ("sign_contract", 2),
    ("countersign", 1),
    ("employer_consents", 1),
)
PATHS["corrected"] = (*PATHS["offered"], ("move_house", 1))  # the contract is written anew
PATHS["refusing"] = (*PATHS["offered"], ("refuse_contract", 5))
PATHS["negotiating"] = (*PATHS["offered"], ("propose_conditions", 1))
PATHS["negotiated"] = (
    *PATHS["negotiating"],
    ("agree_to_conditions", 1),
    ("sign_contract", 2),
    ("countersign", 1),
)
IN_PERSON = (("invite", 0), ("open_account", 0), ("fill_profile", 0), ("give_bank", 0))
PATHS["paper"] = (*IN_PERSON, ("paper_contract", 0), ("vouch", 1))
PATHS["own"] = (*IN_PERSON, ("own_invoices_contract", 0), ("vouch", 1))
PATHS["sponsor"] = (*IN_PERSON, ("sponsor_contract", 0))


@dataclass(frozen=True, slots=True)
class Group:
    """Referrers of one kind. `since`: they joined between so many and so many days ago; `pace`: recommendations a year;
    `lately`: what happened to them, so many days ago."""

    count: int
    status: Status
    regime: Regime
    path: str
    since: tuple[int, int]
    pace: int = 0
    lately: tuple[tuple[str, int], ...] = ()
    until: int = 0  # nothing recommended since so many days
    key: str = ""  # by which a scene names the first of them


# One of each, in whose thread nothing can be paid yet, and one who signed long after recommending.
MOVED, UNCALLED = "another bank", "another bank, by a mailed code"
SPONSOR, ABROAD, WATCHED = "parrain", "abroad", "asked who they are"
SEIZED, CEDED, SALARIED = "paid to a creditor", "paid to a bank", "employee of a partner"
TWICE, KNOWN = "invited twice", "known already"
OWN, CHEQUE, ARRIVED, INITIAL = "sends invoices", "paid by cheque", "paid by the bank", "holder by an initial"
TACIT, WRONG, WITHHELD = "no written mandate", "VAT found late", "abroad without a certificate"
BOUNCED, UNAGREED, CROSSED, UNCLEAR, LATE = (
    "sent back",
    "no agreement",
    "no VAT number",
    "no VAT regime",
    "signed late",
)
NETWORK = (
    Group(9, S.INDIVIDUAL, R.NONE, "online", (600, 90), 7, key=WATCHED),
    Group(2, S.INDIVIDUAL, R.NONE, "paper", (660, 400), 5),
    Group(1, S.INDIVIDUAL, R.NONE, "paper", (640, 600), 4, (("change_bank", 330),)),
    Group(1, S.INDIVIDUAL, R.NONE, "paper", (600, 560), 4, (("change_bank", 210), ("call_off_bank", 207))),
    Group(6, S.MICRO, R.FRANCHISE, "online", (620, 110), 10, key=KNOWN),
    Group(1, S.MICRO, R.FRANCHISE, "online", (400, 380), 8, key=BOUNCED),
    Group(3, S.MICRO, R.STANDARD, "online", (560, 200), 9),
    Group(6, S.COMPANY, R.STANDARD, "online", (640, 150), 16, key=CEDED),
    Group(1, S.COMPANY, R.FRANCHISE, "paper", (500, 480), 6, key=SEIZED),
    Group(2, S.EU_COMPANY, R.REVERSE_CHARGE, "online", (520, 260), 6, key=ABROAD),
    Group(1, S.ASSOCIATION, R.NONE, "online", (540, 500), 6),
    Group(1, S.ASSOCIATION, R.EXEMPT, "online", (500, 460), 6),
    Group(1, S.ASSOCIATION, R.FRANCHISE, "paper", (480, 440), 4),
    Group(1, S.ASSOCIATION, R.STANDARD, "online", (460, 420), 6),
    Group(2, S.PARTNER_EMPLOYEE, R.NONE, "employee", (500, 300), 5, key=SALARIED),
    Group(1, S.PARTNER_EMPLOYEE, R.NONE, "online", (300, 280), 6, key=UNAGREED),
    Group(1, S.MICRO, R.FRANCHISE, "online", (580, 560), 12, (("cross_the_threshold", 150),), key=CROSSED),
    Group(1, S.ASSOCIATION, R.NONE, "online", (400, 380), 7, (("regime_unclear", 120),), key=UNCLEAR),
    Group(1, S.MICRO, R.FRANCHISE, "online", (420, 400), 10, (("change_bank", 1),), key=MOVED),
    Group(1, S.INDIVIDUAL, R.NONE, "online", (450, 430), 9, (("change_bank_by_code", 4),), key=UNCALLED),
    Group(1, S.INDIVIDUAL, R.NONE, "online", (560, 500), 5, (("suspend", 40),), until=60),
    Group(1, S.MICRO, R.FRANCHISE, "online", (640, 600), 5, (("leave", 80),), until=200),
    Group(1, S.COMPANY, R.STANDARD, "online", (630, 610), 17, until=170),  # the quiet one
    Group(1, S.INDIVIDUAL, R.NONE, "online", (34, 33), key=LATE),
    Group(3, S.INDIVIDUAL, R.NONE, "invited", (14, 2)),
    Group(2, S.MICRO, R.FRANCHISE, "half_done", (19, 12), key=TWICE),
    Group(1, S.COMPANY, R.STANDARD, "offered", (18, 10)),
    Group(1, S.COMPANY, R.STANDARD, "corrected", (24, 18)),
    Group(2, S.INDIVIDUAL, R.NONE, "undersigned", (22, 16)),
    Group(1, S.INDIVIDUAL, R.NONE, "refusing", (120, 100)),
    Group(1, S.MICRO, R.FRANCHISE, "offered", (110, 90)),  # did not sign in time
    Group(1, S.COMPANY, R.STANDARD, "negotiated", (300, 280), 8),
    Group(1, S.MICRO, R.FRANCHISE, "negotiating", (18, 14)),
    Group(2, S.INDIVIDUAL, R.NONE, "sponsor", (180, 150), 9, key=SPONSOR),
    # who are more than one to sign, or need a yes
    Group(1, S.COMPANY, R.STANDARD, "two_sign", (170, 150), 7),
    Group(1, S.PARTNER_EMPLOYEE, R.NONE, "agreed", (140, 120), 5),
    # whose contract changes or ends
    Group(1, S.COMPANY, R.STANDARD, "online", (410, 390), 8,
          (("amend_ahead", 120), ("sign_contract", 118), ("countersign", 117))),
    Group(1, S.MICRO, R.FRANCHISE, "online", (380, 360), 7,
          (("amend_ahead", 14), ("sign_contract", 11), ("countersign", 9))),
    Group(1, S.INDIVIDUAL, R.NONE, "online", (330, 310), 4, (("suspend", 150), ("resume", 110)), until=160),
    Group(1, S.MICRO, R.FRANCHISE, "online", (290, 270), 5, (("warn", 6),), until=10),
    Group(1, S.INDIVIDUAL, R.NONE, "online", (220, 200), 4, (("not_renew", 15),), until=20),
    Group(1, S.ASSOCIATION, R.NONE, "online", (260, 240), 4, (("leave", 8),), until=10),
    Group(1, S.MICRO, R.FRANCHISE, "online", (350, 330), 4, (("end_for_fault", 70),), until=120),
    Group(1, S.COMPANY, R.STANDARD, "own", (360, 340), key=OWN),
    Group(1, S.INDIVIDUAL, R.NONE, "paper", (420, 400), key=CHEQUE),
    Group(1, S.MICRO, R.FRANCHISE, "paper", (370, 350), key=ARRIVED),
    Group(1, S.INDIVIDUAL, R.NONE, "online", (310, 290), key=INITIAL),
    Group(1, S.COMPANY, R.STANDARD, "own", (300, 280), key=TACIT),
    Group(1, S.MICRO, R.FRANCHISE, "online", (280, 260), key=WRONG),
    Group(1, S.EU_COMPANY, R.REVERSE_CHARGE, "online", (270, 250), key=WITHHELD),
)  # fmt: skip
SHOWN = {  # the three whose home one click opens: recommendations a year
    "rachel.noel@perso.example": 6,
    "hugo@cabinet-garnier.example": 30,
    "ines.lambert@atelier.example": 11,
}
# What happened to them, so many days ago: an amendment that both have signed, and one to sign.
LATELY = {
    "hugo@cabinet-garnier.example": (("amend", 160), ("sign_contract", 158), ("countersign", 157)),
    "ines.lambert@atelier.example": (("amend_ahead", 4),),
}


# What is on their file

# By whom, what, and what is done so many days ago.
DOCUMENTS = (
    ("hugo@cabinet-garnier.example", "vigilance", (("give", 120), ("accept", 117))),
    ("hugo@cabinet-garnier.example", "foreign_workers", (("declare", 100),)),
    ("hugo@cabinet-garnier.example", "registration", (("give", 5), ("refuse", 3))),
    ("ines.lambert@atelier.example", "vigilance", (("give", 30), ("give", 2))),
    ("rachel.noel@perso.example", "non_habitual", (("ask", 16), ("declare", 12))),
    (WATCHED, "identity", (("ask", 8),)),
)  # fmt: skip
RESIDENCE = (("give", 200), ("accept", 198))  # of each company abroad
WATCHES = (21, 14, 7, 3, 0)  # nights on which the clock asks, watches and recalls
WATCHFUL = ("earnings.foresee_all", "referrers.review_documents", "referrers.watch", "contracts.remind")


# How a recommendation ends


@dataclass(frozen=True, slots=True)
class Fate:
    """`often`: weight among what happens to ordinary recommendations."""

    name: str
    often: int
    steps: tuple[tuple[str, int], ...] = ()


FATES = {
    fate.name: fate
    for fate in (
        Fate("won", 22, (("accept", 1), ("contact", 2), ("qualify", 6), ("propose", 8), ("sign", 16))),
        Fate("won_fast", 7, (("accept", 1), ("contact", 1), ("sign", 5))),
        Fate("won_again", 4, (("accept", 1), ("contact", 3), ("lose", 30), ("reopen", 40), ("sign", 15))),
        Fate("lost", 22, (("accept", 1), ("contact", 3), ("qualify", 8), ("propose", 9), ("lose", 25))),
        Fate("lost_early", 11, (("accept", 2), ("contact", 4), ("lose", 20))),
        Fate("rejected", 15, (("reject", 1),)),
        Fate("withdrawn", 5, (("withdraw", 1),)),
        Fate("expired", 6, (("accept", 2), ("contact", 5), ("expire", 176))),
        Fate("unanswered", 0),
        Fate("accepted", 0, (("accept", 1),)),
        Fate("contacted", 0, (("accept", 1), ("contact", 1))),
        Fate("qualified", 0, (("accept", 1), ("contact", 1), ("qualify", 3))),
        Fate("proposal", 0, (("accept", 1), ("contact", 1), ("qualify", 2), ("propose", 4))),
    )
}
REASONS = {
    "reject": ("already_client", "already_known", "outside_offer", "unreachable", "no_consent"),
    "lose": ("price", "competitor", "no_budget", "postponed", "no_answer"),
}
NOTE_EVERY = 5  # one recommendation in five has words on it
NOTES = (
    ("sales", False, "Standard difficile à passer ; demander directement l'atelier."),
    ("sales", True, "Échange très cordial ce matin, rendez-vous pris la semaine prochaine."),
    ("sales", True, "Merci pour la mise en relation : il attendait votre appel avant le nôtre."),
    ("referrer", True, "Je le revois jeudi, dites-moi si je dois insister sur un point."),
    ("sales", False, "Budget serré, proposer la formation en deux fois."),
    ("referrer", True, "Avez-vous pu le joindre ? Il me dit n'avoir rien reçu."),
)  # fmt: skip


# What is sold, and how it is paid


@dataclass(frozen=True, slots=True)
class Offer:
    """`lines`: product, words, cents HT at the usual size; `billed`: days since the signature, percent of the whole,
    or the number of the line that the invoice is for."""

    title: str
    often: int
    lines: tuple[tuple[str, str, int], ...]
    billed: tuple[tuple[int, int], ...]
    by_line: bool = False


OFFERS = (
    Offer("Logiciel de gestion", 4, (("logiciel", "Abonnement annuel, douze postes", 708_000),),
          ((2, 25), (92, 25), (182, 25), (272, 25))),
    Offer("Logiciel et formation", 3, (("logiciel", "Abonnement annuel, vingt postes", 1_140_000),
                                       ("formation", "Trois jours sur place", 360_000)), ((5, 50), (120, 50))),
    Offer("Audit d'organisation", 3, (("audit", "Audit et plan d'action", 940_000),), ((3, 40), (50, 60))),
    Offer("Formation des équipes", 3, (("formation", "Deux sessions de deux jours", 420_000),), ((10, 100),)),
    Offer("Audit flash", 2, (("audit", "Deux journées sur place", 240_000),), ((4, 100),)),
    Offer("Audit et formation", 1, (("audit", "Audit des ateliers", 620_000), ("formation", "Deux jours de mise en œuvre", 280_000)),
          ((6, 1), (60, 2)), by_line=True),
)  # fmt: skip
SIZES = (60, 80, 100, 100, 120, 150, 220)  # percent of the usual size


@dataclass(frozen=True, slots=True)
class Payer:
    """How a client pays each invoice (days since it, percent of it), and what happens to the deal afterwards."""

    name: str
    often: int
    pays: tuple[tuple[int, int], ...]
    then: tuple[tuple[str, int, str], ...] = field(default=())


PAYERS = {
    payer.name: payer
    for payer in (
        Payer("prompt", 60, ((28, 100),)),
        Payer("at_once", 20, ((4, 100),)),
        Payer("late", 14, ((94, 100),)),
        Payer("in_parts", 14, ((20, 30), (45, 30), (75, 40))),
        Payer("refunded_soon", 2, ((12, 100),), (("refund", 30, "40"),)),
        Payer("refunded_late", 3, ((15, 100),), (("refund", 120, "50"),)),
        Payer("gives_up", 2, ((20, 40),), (("cancel", 80, "client"),)),
        Payer("our_fault", 1, ((25, 50),), (("cancel", 100, "company"),)),
        Payer("gesture", 1, ((10, 100),), (("cancel", 90, "gesture"),)),
        Payer("fraud", 1, ((8, 100),), (("cancel", 45, "fraud"),)),
        Payer("rejected", 0, ((10, 100),), (("reject", 40, ""), ("pay_again", 55, ""))),
        Payer("put_right", 0, ((28, 100),), (("correct", 70, ""), ("grant", 20, ""))),
        Payer("orders_more", 0, ((12, 100),), (("amend", 30, "Deux journées de plus"), ("grant", 6, ""))),
        Payer("announced", 0, ((40, 100),), (("announce", 1, "24"),)),
    )
}
CORRECTION, AMENDMENT = "Partage du devis saisi de travers.", "Le client a complété sa commande."
CANCELLATIONS = {
    "client": "Le client renonce avant la mise en service.",
    "company": "Nous n'avons pas pu tenir la date promise.",
    "gesture": "Annulée à l'amiable pour garder la relation.",
    "fraud": "Société sans existence réelle.",
}


# What everybody should see: threads


@dataclass(frozen=True, slots=True)
class Scene:
    """A recommendation that is told: by whom (an address, or the key of a group), when, how it ends.
    `about` gives the prospect a name by which another scene speaks of the same one; `told_late`: recommended by word
    of mouth so many days before it was written down.
    `paid`: the client pays so many days ago, whatever the steps before; `size`: percent of the usual, else drawn."""

    by: str
    ago: int
    fate: str
    offer: int = 0
    payer: str = "prompt"
    about: str = ""
    told_late: int = 0
    paid: int = 0
    size: int = 0


# On which day a client paid, so that what was earned, confirmed 30 days later, is in the wanted place whatever the day:
# between the issue of one of LAST_RUNS and the next. tests/bench/bench_demo_days.py shows it.
HELD, DUE, PREPARED, APPROVED, SENT, PAID = 20, 31, 37, 44, 56, 75
WITHDRAWN_RUN, REFUSED_RUN = 140, 110
EACH_SHOWN = (  # one in every state, and money in every state
    Scene("", 0, "unanswered"), Scene("", 1, "unanswered", 3), Scene("", 12, "unanswered", 2),
    Scene("", 6, "accepted", 1), Scene("", 11, "contacted", 2), Scene("", 18, "qualified"), Scene("", 24, "proposal", 1),
    Scene("", 12, "rejected"), Scene("", 8, "withdrawn"), Scene("", 75, "lost", 1), Scene("", 230, "expired"),
    Scene("", 24, "won_fast", 2), Scene("", HELD + 28, "won_fast", 4, "at_once", paid=HELD),
    Scene("", DUE + 28, "won_fast", 4, "at_once", paid=DUE), Scene("", PREPARED + 28, "won_fast", 4, "at_once", paid=PREPARED),
    Scene("", APPROVED + 34, "won_fast", 3, "at_once", paid=APPROVED), Scene("", SENT + 28, "won_fast", 4, "at_once", paid=SENT),
    Scene("", PAID + 34, "won_fast", 3, "at_once", paid=PAID),
    Scene("", 140, "won", 3), Scene("", 260, "won"), Scene("", 420, "won", 1),
)  # fmt: skip
RACHEL, HUGO, INES = SHOWN
# Who takes points for what they recommended so many days ago.
POINTS = ((RACHEL, 480), (RACHEL, 240), (RACHEL, 34), (INES, 290), (SALARIED, 240))
THREADS = (
    *(replace(scene, by=by) for by in SHOWN for scene in EACH_SHOWN),
    # the same company, three times: the first holds it, the others wait
    Scene(HUGO, 19, "contacted", about="same"), Scene(INES, 11, "unanswered", about="same"), Scene(RACHEL, 5, "unanswered", about="same"),
    Scene(RACHEL, 17, "proposal", about="other"), Scene(HUGO, 9, "unanswered", about="other"),
    # the client who paid late, and those who never did
    Scene(HUGO, 330, "won", 1, "late"), Scene(INES, 300, "won", 1, "in_parts"),
    Scene(HUGO, 210, "won_fast", 2, "refunded_late"), Scene(INES, 205, "won_fast", 2, "refunded_late"),
    Scene(RACHEL, 200, "won_fast", 3, "refunded_soon"), Scene(HUGO, 160, "won_fast", 3, "refunded_soon"),
    Scene(RACHEL, 250, "won_fast", 1, "gives_up"), Scene(HUGO, 190, "won_fast", 1, "our_fault"),
    Scene(INES, 180, "won_fast", 4, "gesture"), Scene(HUGO, 280, "won_fast", 2, "fraud"),
    # the bank took it back and it came again; what was signed was written down wrong; the client ordered more
    Scene(HUGO, 120, "won_fast", 4, "rejected"), Scene(RACHEL, 130, "won_fast", 4, "rejected"),
    Scene(INES, 150, "won_fast", 1, "put_right"), Scene(HUGO, 155, "won_fast", 1, "put_right"),
    Scene(HUGO, 90, "won_fast", 3, "orders_more"), Scene(RACHEL, 95, "won_fast", 3, "orders_more"), Scene(INES, 110, "won_fast", 5),
    # two who sponsor: a contact that is qualified earns, and does again when there is no deal in the end
    Scene(SPONSOR, 100, "won"), Scene(SPONSOR, 60, "lost"), Scene(SPONSOR, 20, "qualified"), Scene(SPONSOR, 4, "unanswered"),
    *(Scene(by, ago, "won_fast", 3, "at_once") for by, ago in POINTS),
    # money that is announced for a day to come
    Scene(INES, 22, "won_fast", 3, "announced"), Scene(RACHEL, 22, "won_fast", 4, "announced"),
    Scene(HUGO, 140, "won_fast", 4, "at_once", paid=REFUSED_RUN),  # in the run that was refused at first
    Scene(HUGO, 170, "won_fast", 4, "at_once", paid=WITHDRAWN_RUN),
    Scene(BOUNCED, 84, "won_fast", 4, "at_once", paid=SENT),  # in the run of which the bank sends something back
    # papers that cannot be made, or cannot be paid
    Scene(MOVED, 60, "won_fast", 4, "at_once", paid=DUE), Scene(UNCALLED, 65, "won_fast", 4, "at_once", paid=PREPARED),
    *(Scene(by, 100, "won_fast", 3, "at_once") for by in (UNAGREED, CROSSED, UNCLEAR, ABROAD)),
    # who draws up their own invoices: one for each
    Scene(OWN, 128, "won_fast", 4, "at_once", paid=100), Scene(OWN, 104, "won_fast", 4, "at_once", paid=75),
    Scene(OWN, 64, "won_fast", 4, "at_once", paid=36),
    # paid by cheque, by what the bank says, in part to a creditor; not before somebody looks at the holder of the account
    Scene(CHEQUE, PAID + 28, "won_fast", 4, "at_once", paid=PAID), Scene(ARRIVED, SENT + 28, "won_fast", 4, "at_once", paid=SENT),
    Scene(SEIZED, SENT + 28, "won_fast", 4, "at_once", paid=SENT), Scene(INITIAL, PREPARED + 28, "won_fast", 4, "at_once", paid=PREPARED),
    # drawn up without a written mandate, once accepted and once not yet; under a regime found to be another; kept back in part
    Scene(TACIT, PAID + 28, "won_fast", 4, "at_once", paid=PAID), Scene(TACIT, SENT + 28, "won_fast", 4, "at_once", paid=SENT),
    Scene(WRONG, PAID + 28, "won_fast", 4, "at_once", paid=PAID), Scene(WITHHELD, PAID + 28, "won_fast", 4, "at_once", paid=PAID),
    # recommended long before the contract: somebody has to decide
    Scene(LATE, 15, "won_fast", 3, "at_once", told_late=50), Scene(LATE, 12, "contacted", told_late=44),
    # two large ones: whatever the day, one of the two is paid in the last year of which the commissions were declared
    Scene(HUGO, 365, "won_fast", 3, "at_once", size=800), Scene(HUGO, 575, "won_fast", 3, "at_once", size=800),
)  # fmt: skip


# How months close

# Days before or after the day of the closing, the same day of each month as the last one told. What falls on a day off
# is done the working day before, or after it.
CLOSING = {"issue": -3, "prepare": -1, "approve": 1, "send": 2, "settle": 5}
# What else happened in the closing so many months ago.
REFUSED = frozenset({2})  # the second pair of eyes says no
INCIDENTS = {
    3: {"withdraw": -1},  # who prepared the run takes it back, and prepares another
    5: {"come_back": 4},  # the bank sends one transfer back
}
# The last weeks, in working days before the last one: a run that is with the bank, one that can be sent, one that can be
# approved.
LAST_RUNS = (
    {"issue": 11, "prepare": 10, "approve": 9, "send": 8, "come_back": 7},
    {"issue": 6, "prepare": 5, "approve": 4},
    {"issue": 2, "prepare": 0},
)
# How many months have their arrêté, and how many days into the next one they are closed.
ARRETES, CLOSED_AFTER = 4, 4
READS_FOR = 365  # days that the accountant may still read
CONTESTED = 1  # the latest paper, between its issue and the run
REFUSAL = "La ligne de Saint-Nazaire me paraît double : à revoir ensemble demain."
CONTEST = "Le taux convenu pour la formation n'est pas celui-là."
CLOCKWORK = (
    "earnings.release", "referrers.open_bank_details", "contracts.take_effect", "contracts.live", "contracts.expire",
    "history.seal",
)  # fmt: skip
CHECKED = "house.verify"  # the last night

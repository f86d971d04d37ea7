"""Who may: ONE table, route → who is let in. Everybody else is turned away, and how follows from the route.

Words: anyone (also who is not signed in), everyone (who is signed in), or names of PRINCIPALS.
A path with a parameter names what stands there: `sample="lead"`, a function of samples.py that gives the text for the
parameters; `owner` is Rémi, to whom the sample belongs, `stranger` is Stefan, to whom it does not. `sends` is the least
that the form needs to be understood.
`reader`, an accountant or auditor of the company, is let in where finance is, to read; not into what CLOSED_TO_READERS
names, and into all of their OWN. It stands here, apart from the table of reach.py, so that each proves the other.
A route may have a row for each kind of thing that its parameter can name. `absent`: 404 for everybody, as the demo's
pages are outside a demo. `off`: closed while the company does not pay by Stripe (tests/stripe opens it). Rows are sorted by path."""

from dataclasses import dataclass

PRINCIPALS = ("anonymous", "owner", "stranger", "sales", "finance", "admin", "reader", "suspended", "token")
CLOSED_TO_READERS = (
    "/api", "/reglages", "/comptabilite/reglages", "/beneficiaires", "/apporteurs/{ref:str}/beneficiaires", "/virements/{ref:str}/fichier",
)  # fmt: skip
OWN = ("/compte", "/deconnexion", "/notifications")
SIGNED_IN = ("owner", "stranger", "sales", "finance", "admin")
ANYONE = PRINCIPALS
STAFF = ("sales", "finance", "admin")
WORDS = {
    "anyone": ANYONE,
    "everyone": SIGNED_IN,
    "staff": STAFF,
    "referrers": ("owner", "stranger"),
    "absent": (),
    "off": (),
}


@dataclass(frozen=True, slots=True)
class Row:
    route: str  # "GET /recommandations/{ref:str}", as in the decorator
    allows: str
    sample: str = ""
    sends: str = ""  # "lang=en&next=/"

    @property
    def method(self) -> str:
        return self.route.split(" ", 1)[0]

    @property
    def path(self) -> str:
        return self.route.split(" ", 1)[1]

    @property
    def allowed(self) -> frozenset[str]:
        named = frozenset(one for word in self.allows.split() for one in WORDS.get(word, (word,)))
        return named | {"reader"} if "finance" in named and self.is_read() else named

    def is_read(self) -> bool:
        """By who only reads, if finance may."""
        if self.path.startswith(OWN):
            return True
        return self.method == "GET" and not self.path.startswith(CLOSED_TO_READERS)

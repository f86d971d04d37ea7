"""Who may: ONE table, route → who is let in. Everybody else is turned away, and how follows from the route.

Words: anyone (also who is not signed in), everyone (who is signed in), or names of PRINCIPALS.
A path with a parameter names what stands there: `sample="lead"`, a function of samples.py that gives the text for the
parameters; `owner` is Rémi, to whom the sample belongs, `stranger` is Stefan, to whom it does not. `sends` is the least
that the form needs to be understood.
A route may have a row for each kind of thing that its parameter can name. `absent`: 404 for everybody, as the demo's
pages are outside a demo. Rows are sorted by path."""

from dataclasses import dataclass

PRINCIPALS = ("anonymous", "owner", "stranger", "sales", "finance", "admin", "suspended", "token")
SIGNED_IN = ("owner", "stranger", "sales", "finance", "admin")
ANYONE = PRINCIPALS
STAFF = ("sales", "finance", "admin")
WORDS = {
    "anyone": ANYONE,
    "everyone": SIGNED_IN,
    "staff": STAFF,
    "referrers": ("owner", "stranger"),
    "absent": (),
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
        return frozenset(one for word in self.allows.split() for one in WORDS.get(word, (word,)))


TABLE = (
    Row("GET /", "anyone"),
    Row("GET /accessibilite", "anyone"),
    Row("GET /affaires", "staff"),
    Row("GET /affaires/{ref:str}", "owner staff", sample="deal"),
    Row("POST /affaires/{ref:str}/annulation", "finance admin", sample="deal"),
    Row("POST /affaires/{ref:str}/encaissements", "finance admin", sample="deal"),
    Row("POST /affaires/{ref:str}/factures", "staff", sample="deal"),
    Row("POST /affaires/{ref:str}/remboursements", "finance admin", sample="deal"),
    Row("GET /api/v1/moi", "everyone token"),
    Row("GET /api/v1/openapi.json", "everyone token"),
    Row("POST /api/v1/plans/simulate", "everyone"),
    Row("GET /apporteurs", "staff"),
    Row("GET /apporteurs/invitation", "sales admin"),
    Row("POST /apporteurs/invitation", "sales admin"),
    Row("GET /apporteurs/{ref:str}", "staff", sample="referrer"),
    Row("POST /apporteurs/{ref:str}/accord-employeur", "sales admin", sample="referrer"),
    Row("POST /apporteurs/{ref:str}/compte-bancaire/annulation", "finance admin", sample="referrer"),
    Row("POST /apporteurs/{ref:str}/compte-bancaire/confirmation", "finance admin", sample="referrer"),
    Row("GET /apporteurs/{ref:str}/contrat", "sales admin", sample="referrer"),
    Row("POST /apporteurs/{ref:str}/contrat", "sales admin", sample="referrer"),
    Row("GET /commissions", "everyone"),
    Row("GET /commissions/{ref:str}", "owner staff", sample="earning"),
    Row("GET /compte", "everyone"),
    Row("GET /compte-bancaire/{ref:str}/{token:str}", "anyone", sample="bank_change"),
    Row("POST /compte-bancaire/{ref:str}/{token:str}", "anyone", sample="bank_change"),
    Row("POST /compte/mot-de-passe", "everyone"),
    Row("GET /compte/role", "everyone"),
    Row("POST /compte/role", "everyone"),
    Row("GET /compte/second-facteur", "everyone"),
    Row("POST /compte/second-facteur", "everyone"),
    Row("POST /compte/second-facteur/codes", "everyone"),
    Row("POST /compte/second-facteur/preparation", "everyone"),
    Row("POST /compte/sessions/fermeture", "everyone"),
    Row("POST /compte/sessions/{ref:str}/fermeture", "owner", sample="session"),
    Row("GET /confidentialite", "anyone"),
    Row("GET /connexion", "anyone"),
    Row("POST /connexion", "anyone"),
    Row("GET /connexion/code", "anyone"),
    Row("POST /connexion/code", "anyone"),
    Row("GET /connexion/lien", "anyone"),
    Row("POST /connexion/lien", "anyone"),
    Row("GET /connexion/lien/{token:str}", "anyone", sample="link"),
    Row("POST /connexion/lien/{token:str}", "anyone", sample="link"),
    Row("GET /connexion/second-facteur", "anyone"),
    Row("POST /connexion/second-facteur", "anyone"),
    Row("GET /contrats", "everyone"),
    Row("GET /contrats/{ref:str}", "owner staff", sample="contract"),
    Row("POST /contrats/{ref:str}/code", "owner", sample="contract"),
    Row("POST /contrats/{ref:str}/contresignature", "admin", sample="contract"),
    Row("GET /contrats/{ref:str}/preuve", "owner staff", sample="contract_signed"),
    Row("POST /contrats/{ref:str}/refus", "owner", sample="contract"),
    Row("POST /contrats/{ref:str}/signature", "owner", sample="contract"),
    Row("POST /deconnexion", "everyone"),
    Row("GET /demo", "absent"),
    Row("GET /demo/courriels", "absent"),
    Row("GET /demo/courriels/{ref:str}", "absent", sample="mail"),
    Row("POST /demo/visite", "absent"),
    Row("GET /factures", "referrers finance admin"),
    Row("GET /factures/a-etablir", "finance admin"),
    Row("POST /factures/a-etablir", "finance admin"),
    Row("GET /factures/a-etablir/avancement", "finance admin"),
    Row("GET /factures/{ref:str}", "owner finance admin", sample="invoice"),
    Row("POST /factures/{ref:str}/acceptation", "owner", sample="invoice"),
    Row("POST /factures/{ref:str}/contestation", "owner", sample="invoice"),
    Row("GET /factures/{ref:str}/pdf", "owner finance admin", sample="invoice"),
    Row("GET /factures/{ref:str}/xml", "owner finance admin", sample="invoice"),
    Row("GET /fichiers/{ref:str}", "admin", sample="file"),
    Row("GET /invitation/{token:str}", "anyone", sample="invitation"),
    Row("POST /invitation/{token:str}", "anyone", sample="invitation"),
    Row("POST /langue", "anyone", sends="lang=en"),
    Row("GET /marque.css", "anyone"),
    Row("GET /marque/logo", "absent"),
    Row("GET /mentions-legales", "anyone"),
    Row("GET /metrics", "anyone"),
    Row("GET /mot-de-passe", "anyone"),
    Row("POST /mot-de-passe", "anyone"),
    Row("GET /mot-de-passe/{token:str}", "anyone", sample="reset"),
    Row("POST /mot-de-passe/{token:str}", "anyone", sample="reset"),
    Row("GET /profil", "referrers"),
    Row("GET /profil/compte-bancaire", "referrers"),
    Row("POST /profil/compte-bancaire", "referrers"),
    Row("POST /profil/compte-bancaire/code", "referrers"),
    Row("GET /profil/contact", "referrers"),
    Row("POST /profil/contact", "referrers"),
    Row("GET /profil/coordonnees", "referrers"),
    Row("POST /profil/coordonnees", "referrers"),
    Row("GET /profil/statut", "referrers"),
    Row("GET /profil/tva", "referrers"),
    Row("POST /profil/tva", "referrers"),
    Row("GET /recherche", "everyone"),
    Row("GET /recommandations", "everyone"),
    Row("POST /recommandations", "referrers"),
    Row("GET /recommandations/boite", "sales admin"),
    Row("GET /recommandations/en-cours", "staff"),
    Row("GET /recommandations/estimation", "referrers"),
    Row("GET /recommandations/nouvelle", "referrers"),
    Row("GET /recommandations/toutes", "staff"),
    Row("GET /recommandations/{ref:str}", "owner staff", sample="lead"),
    Row("POST /recommandations/{ref:str}/acceptation", "sales admin", sample="lead"),
    Row("GET /recommandations/{ref:str}/affaire", "sales admin", sample="lead"),
    Row("POST /recommandations/{ref:str}/affaire", "sales admin", sample="lead"),
    Row("POST /recommandations/{ref:str}/commission", "admin", sample="lead"),
    Row("POST /recommandations/{ref:str}/contact", "sales admin", sample="lead"),
    Row("POST /recommandations/{ref:str}/devis", "sales admin", sample="lead"),
    Row("POST /recommandations/{ref:str}/notes", "owner sales admin", sample="lead"),
    Row("POST /recommandations/{ref:str}/perte", "sales admin", sample="lead"),
    Row("POST /recommandations/{ref:str}/qualification", "sales admin", sample="lead"),
    Row("GET /recommandations/{ref:str}/recu", "owner", sample="lead"),
    Row("POST /recommandations/{ref:str}/refus", "sales admin", sample="lead"),
    Row("POST /recommandations/{ref:str}/reouverture", "sales admin", sample="lead"),
    Row("POST /recommandations/{ref:str}/retrait", "owner", sample="lead"),
    Row("GET /reglages", "staff"),
    Row("GET /reglages/composants", "staff"),
    Row("GET /reglages/entreprise", "admin"),
    Row("POST /reglages/entreprise", "admin"),
    Row("POST /reglages/entreprise/logo", "admin"),
    Row("GET /reglages/etat", "admin"),
    Row("POST /reglages/etat/courriels/{ref:str}", "admin", sample="mail_failed"),
    Row("POST /reglages/etat/travaux", "admin"),
    Row("POST /reglages/etat/verification", "admin"),
    Row("GET /reglages/imports", "admin"),
    Row("POST /reglages/imports", "admin"),
    Row("GET /reglages/imports/{ref:str}", "admin", sample="import"),
    Row("GET /reglages/imports/{ref:str}/a-corriger", "admin", sample="import"),
    Row("POST /reglages/imports/{ref:str}/abandon", "admin", sample="import"),
    Row("GET /reglages/imports/{ref:str}/avancement", "admin", sample="import"),
    Row("POST /reglages/imports/{ref:str}/colonnes", "admin", sample="import"),
    Row("POST /reglages/imports/{ref:str}/confirmation", "admin", sample="import"),
    Row("POST /reglages/imports/{ref:str}/reprise", "admin", sample="import"),
    Row("GET /reglages/jetons", "admin"),
    Row("POST /reglages/jetons", "admin"),
    Row("POST /reglages/jetons/{ref:str}/revocation", "admin", sample="api_token"),
    Row("POST /reglages/produits", "admin"),
    Row("GET /reglages/programmes", "admin"),
    Row("POST /reglages/programmes", "admin"),
    Row("GET /reglages/programmes/{ref:str}/bareme", "admin", sample="programme"),
    Row("POST /reglages/programmes/{ref:str}/bareme", "admin", sample="programme"),
    Row("GET /reglages/programmes/{ref:str}/bareme/exemple", "admin", sample="programme"),
    Row("GET /reglages/textes", "admin"),
    Row("GET /reglages/textes/{ref:str}", "admin", sample="text"),
    Row("GET /reglages/utilisateurs", "admin"),
    Row("POST /reglages/utilisateurs", "admin"),
    Row("GET /reglages/utilisateurs/{ref:str}", "admin", sample="colleague"),
    Row("POST /reglages/utilisateurs/{ref:str}/roles", "admin", sample="colleague"),
    Row("POST /reglages/utilisateurs/{ref:str}/{move:str}", "admin", sample="colleague_move"),
    Row("GET /sante", "anyone"),
    Row("GET /sante/pret", "anyone"),
    Row("GET /static/{name:path}", "anyone", sample="asset"),
    Row("POST /theme", "anyone"),
    Row("GET /virements", "referrers finance admin"),
    Row("GET /virements/preparation", "finance admin"),
    Row("POST /virements/preparation", "finance admin"),
    Row("GET /virements/{ref:str}", "finance admin", sample="payout_run"),
    Row("GET /virements/{ref:str}", "owner finance admin", sample="payout_line"),
    Row("POST /virements/{ref:str}/annulation", "finance admin", sample="payout_run"),
    Row("POST /virements/{ref:str}/approbation", "finance admin", sample="payout_run"),
    Row("POST /virements/{ref:str}/approbation/refus", "finance admin", sample="payout_run"),
    Row("POST /virements/{ref:str}/approbation/retrait", "finance admin", sample="payout_run"),
    Row("POST /virements/{ref:str}/envoi", "finance admin", sample="payout_run"),
    Row("GET /virements/{ref:str}/fichier", "finance admin", sample="payout_run_sent"),
    Row("POST /virements/{ref:str}/reglement", "finance admin", sample="payout_run_sent"),
    Row("POST /virements/{ref:str}/retour", "finance admin", sample="payout_line"),
)  # fmt: skip

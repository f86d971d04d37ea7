"""The page to which an account link leads: in the demo one click stands for the proofs that Stripe asks for."""

from html import escape

from portal.demo.fake_stripe.asked import Asked
from portal.demo.fake_stripe.bank import Bank

PAGE = """<!doctype html><html lang="fr"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Stripe, version de démonstration</title>
<body style="font: 1.05rem/1.5 system-ui; max-width: 34rem; margin: 3rem auto; padding: 0 1rem">
<h1>Stripe, version de démonstration</h1>
<p>Ici, Stripe demanderait une pièce d’identité et un compte bancaire. Rien n’est demandé dans cette démonstration, et aucun argent ne bouge.</p>
<form method="post" action="{path}">
<input type="hidden" name="return_url" value="{return_url}"><input type="hidden" name="account" value="{account}">
<p><button name="choice" value="verified">J’ai tout donné</button></p>
<p><button name="choice" value="later">Je finirai plus tard</button></p>
<p><button name="choice" value="restricted">Mes documents sont refusés</button></p>
</form></body></html>"""
REFUSED = "rejected.other"


def answered(bank: Bank, asked: Asked) -> tuple[str, str]:
    """Where to go next, or the page to show. A link that has served leads back to ask for another."""
    return _choice(bank, asked) if asked.method == "POST" else _shown(bank, asked)


def _shown(bank: Bank, asked: Asked) -> tuple[str, str]:
    link = bank.take_link(asked.parts[-1])
    if link is None:
        return "", "<!doctype html><title>Stripe</title><p>Ce lien a déjà servi.</p>"
    return "", PAGE.format(
        path=escape(asked.path), return_url=escape(link["return_url"]), account=escape(link["account"])
    )


def _choice(bank: Bank, asked: Asked) -> tuple[str, str]:
    account = asked.params.get("account", "")
    if account in bank.holds["accounts"]:
        match asked.params.get("choice"):
            case "verified":
                bank.verify(account)
            case "restricted":
                bank.restrict(account, REFUSED)
    return asked.params.get("return_url", "/"), ""

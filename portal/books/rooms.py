"""The rooms of /comptabilite: what its tabs lead to."""

from portal.kit.text import N_, _

HOME = "/comptabilite"
ROOMS = (
    (N_("Arrêtés"), "/arretes"),
    (N_("Journal"), HOME),
    (N_("Exports"), f"{HOME}/exports"),
    (N_("Balance âgée"), f"{HOME}/balance-agee"),
    (N_("Rapprochement"), f"{HOME}/rapprochement"),
    (N_("Dossiers de contrôle"), f"{HOME}/dossiers"),
    (N_("Comptes auxiliaires"), f"{HOME}/auxiliaires"),
)


def tabs(here: str) -> list[tuple[str, str, bool, None]]:
    return [(_(label), href, href == here, None) for label, href in ROOMS]

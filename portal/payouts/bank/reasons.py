"""Why a bank did not pay, in words. ISO 20022 external reason codes as the EPC uses them for credit transfers."""

from portal.kit.text import N_, _

REASONS = {
    "AC01": N_("l'IBAN n'existe pas"),
    "AC03": N_("l'IBAN du bénéficiaire n'est pas valable"),
    "AC04": N_("le compte est clos"),
    "AC06": N_("le compte est bloqué"),
    "AC07": N_("le compte du bénéficiaire est clos"),
    "AC13": N_("ce type de compte ne reçoit pas de virement"),
    "AG01": N_("ce compte ne reçoit pas de virement"),
    "AG02": N_("le type de virement n'est pas reconnu"),
    "AM02": N_("le montant dépasse ce qui est permis"),
    "AM04": N_("le compte de l'entreprise n'a pas assez de provision"),
    "AM05": N_("la banque y voit un doublon"),
    "AM09": N_("le montant n'est pas celui qui était attendu"),
    "BE01": N_("le titulaire ne correspond pas au compte"),
    "BE04": N_("l'adresse du bénéficiaire manque"),
    "BE05": N_("le donneur d'ordre n'est pas reconnu"),
    "CNOR": N_("la banque du bénéficiaire n'est pas joignable"),
    "CURR": N_("la monnaie n'est pas la bonne"),
    "CUST": N_("l'entreprise a demandé l'annulation"),
    "DNOR": N_("la banque de l'entreprise n'est pas joignable"),
    "DT01": N_("la date n'est pas valable"),
    "DUPL": N_("la banque y voit un doublon"),
    "ED05": N_("le règlement entre banques a échoué"),
    "FF01": N_("le fichier n'a pas la forme attendue"),
    "FOCR": N_("rendu à la demande de l'entreprise"),
    "FR01": N_("la banque soupçonne une fraude"),
    "MD07": N_("le titulaire est décédé"),
    "MS02": N_("le bénéficiaire a refusé, sans dire pourquoi"),
    "MS03": N_("la banque ne dit pas pourquoi"),
    "NARR": N_("la banque s'explique en toutes lettres"),
    "RC01": N_("la banque du bénéficiaire n'est pas reconnue"),
    "RR01": N_("le compte du donneur d'ordre n'est pas nommé"),
    "RR02": N_("le nom ou l'adresse du donneur d'ordre manque"),
    "RR03": N_("le nom ou l'adresse du bénéficiaire manque"),
    "RR04": N_("une règle de la banque s'y oppose"),
    "TECH": N_("un incident technique chez la banque"),
    "TM01": N_("le fichier est arrivé trop tard"),
    "UPAY": N_("ce virement n'était pas dû"),
}
THEIRS = frozenset({"AC01", "AC03", "AC04", "AC06", "AC07", "AC13", "AG01", "BE01", "BE04", "MS02", "RR03"})
"""Of the payee's own account: what a referrer is told, who can mend it."""
OTHER = N_("motif %(code)s de la banque")


def reason_said(code: str) -> str:
    """Nothing where the bank gave none."""
    if not code:
        return ""
    return _(REASONS[code]) if code in REASONS else _(OTHER) % {"code": code}

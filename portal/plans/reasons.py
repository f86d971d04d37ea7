"""Sentences for what a plan refuses and what it warns of; the language itself says codes and figures only."""

from typing import Any

from portal.kit.text import N_, _, money
from portal.plans.rules import Refusal

REASONS = {
    "missing": N_("cette information manque"),
    "unknown_key": N_("ce mot n'existe pas dans un barème"),
    "not_an_object": N_("un objet est attendu"),
    "not_a_list": N_("une liste est attendue"),
    "empty_list": N_("la liste est vide"),
    "too_many": N_("la liste dépasse %(most)s éléments"),
    "not_a_text": N_("un texte est attendu"),
    "too_long": N_("le texte dépasse %(most)s caractères"),
    "not_yes_or_no": N_("oui ou non (true ou false) est attendu"),
    "unknown_choice": N_("les valeurs possibles sont : %(among)s"),
    "not_a_whole_number": N_("un nombre entier est attendu"),
    "out_of_range": N_("le nombre doit être entre %(least)s et %(most)s"),
    "not_a_day": N_("une date comme 2026-03-01 est attendue"),
    "float": N_('un nombre à virgule s\'écrit entre guillemets, par exemple "12.50"'),
    "not_a_decimal": N_('un nombre entre guillemets est attendu, par exemple "12.50"'),
    "more_than_two_decimals": N_("deux décimales au plus"),
    "negative": N_("un montant négatif n'est pas possible"),
    "rate_outside": N_("un taux est entre 0 et 100"),
    "unknown_field": N_("aucune condition ne porte sur « %(field)s »"),
    "bands_not_ascending": N_("commence avant le palier %(before)s"),
    "band_starts_twice": N_("commence au même seuil que le palier %(before)s"),
    "marginal_by_deals": N_("un nombre d'affaires ne se compte pas par tranches"),
    "deals_need_a_longer_period": N_("un nombre d'affaires se compte sur une année ou depuis le début"),
    "minimum_above_per_event": N_("le minimum dépasse le plafond par versement"),
    "same_key_twice": N_("deux règles portent le nom « %(key)s »"),
    "half_a_point": N_("un plafond en points est un nombre entier"),
    "referrer_and_shares": N_("donnez un apporteur ou un partage, pas les deux"),
    "no_referrer": N_("l'apporteur de l'affaire %(deal)s n'est pas connu"),
    "no_share": N_("aucune part n'est supérieure à zéro"),
    "no_contract_day": N_("la date du contrat de %(referrer)s manque"),
    "no_cost": N_("le coût manque : ce barème paie sur la marge"),
    "lines_all_zero": N_("toutes les lignes sont à zéro"),
    "same_line_twice": N_("une ligne est citée deux fois"),
    "unknown_line": N_("l'affaire n'a pas de ligne %(line)s"),
    "unknown_deal": N_("l'affaire %(deal)s n'est pas connue"),
    "unknown_payment": N_("aucun encaissement %(event)s sur cette affaire"),
    "not_signed": N_("l'affaire %(deal)s n'est pas signée"),
    "second_signature": N_("l'affaire %(deal)s est déjà signée"),
    "second_qualification": N_("la recommandation %(deal)s est déjà qualifiée"),
    "already_cancelled": N_("l'affaire %(deal)s est déjà annulée"),
    "same_id_other_content": N_("l'événement %(event)s existe déjà avec un autre contenu"),
    "nothing_expected": N_("l'exemple n'attend aucun résultat"),
    "multiplies_or_adds": N_("une campagne multiplie ou ajoute, l'un ou l'autre"),
    "ends_before_it_starts": N_("la fin précède le début"),
    "less_favourable": N_("une campagne ne peut pas payer moins que le barème"),
    "not_json": N_("le fichier n'est pas du JSON valable (ligne %(line)s)"),
    "no_file": N_("ce fichier n'existe pas"),
    "not_a_file": N_("c'est un dossier, un fichier est attendu"),
    "not_utf8": N_("le texte du fichier n'est pas en UTF-8"),
    "key_twice": N_("« %(key)s » est écrit deux fois au même endroit"),
    "not_readable": N_("le fichier ne peut pas être lu"),
}

WARNINGS = {
    "hidden_by_rule": N_("la règle « %(rule)s » ne sera jamais choisie : « %(by)s » prend toujours sa place"),
    "never_reached": N_("la règle « %(rule)s » ne peut jamais s'appliquer"),
    "no_rule": N_("ce barème n'a aucune règle : il ne paie rien"),
    "only_first_payment": N_("seul le premier versement du client est rémunéré"),
    "minimum_each_time": N_("le minimum de %(minimum)s est dû à chaque versement, même petit"),
}


def refusal_sentence(refusal: Refusal) -> str:
    """« rules[0].pay.rate : un taux est entre 0 et 100 »."""
    reason = reason_of(refusal)
    return (
        _("%(place)s : %(reason)s") % {"place": refusal.place, "reason": reason} if refusal.place else reason
    )


def reason_of(refusal: Refusal) -> str:
    """Without the place."""
    return _(REASONS[refusal.code]) % _params(refusal)


def warning_sentence(warning: Refusal) -> str:
    return _(WARNINGS[warning.code]) % _params(warning)


def _params(refusal: Refusal) -> dict[str, Any]:
    return {key: SAID.get(key, str)(value) for key, value in refusal.params.items()}


SAID = {"among": ", ".join, "minimum": money}

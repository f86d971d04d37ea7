"""What a text of the company must hold before it may be published, and what is wrong with it, line by line."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from portal.contracts.wording.placeholders import VOCABULARY
from portal.contracts.wording.texts import (
    AMENDMENT,
    MANDATE,
    PERSONAL_DATA,
    PROGRAMME_CONDITIONS,
    STATUS_OF,
    TERMINATION,
    youngest_texts,
)
from portal.kit.fill import Document, TextRefused, parse
from portal.kit.text import N_, _

SHOWN_CHARACTERS = 80


class Fault(NamedTuple):
    line: int  # 0 when it is about the whole text
    code: str
    params: Mapping[str, str]

    @property
    def sentence(self) -> str:
        """In the reader's language."""
        return _(SENTENCES[self.code]) % self.params


SENTENCES = {
    "title_missing": N_("Le texte commence par un titre : « # Titre »."),
    "second_title": N_("Le texte a un seul titre « # … »."),
    "bad_heading": N_("Un article s'écrit « ## Article 4. Titre {#nom} », un paragraphe numéroté « ### 4.2. Titre {#nom.suite} »."),
    "heading_in_condition": N_("Un article ne peut pas dépendre d'une condition : fermez-la avant le titre."),
    "wrong_number": N_("Numéro attendu : %(expected)s (écrit : %(found)s)."),
    "clause_outside_article": N_("Un paragraphe numéroté vient après un article."),
    "bad_anchor": N_("Le nom « %(anchor)s » n'est pas valable : des lettres simples, des chiffres et des tirets."),
    "duplicate_anchor": N_("Le nom « %(anchor)s » sert déjà."),
    "anchor_of_another_article": N_("Le nom « %(anchor)s » ne commence pas par celui de son article."),
    "anchor_taken": N_("Le nom « %(anchor)s » est celui d'un article d'un autre document du contrat."),
    "unknown_placeholder": N_("« %(name)s » n'est pas dans la liste des champs."),
    "wrong_kind": N_("Le champ « %(name)s » ne s'emploie pas ainsi : voyez la liste des champs."),
    "not_a_tag": N_("« %(tag)s » n'est pas un champ : on écrit {{ contract.number }} ou {{#if plan.on_payment}}."),
    "too_deep": N_("Trop de conditions les unes dans les autres (%(limit)s au plus)."),
    "never_closed": N_("Ce qui s'ouvre ici (%(tag)s) n'est jamais fermé."),
    "closed_without_opening": N_("Ce qui se ferme ici (%(tag)s) n'a pas été ouvert."),
    "unreadable_character": N_("Cette ligne contient un caractère invisible ou qui trompe la lecture : retapez-la."),
    "too_long": N_("Le texte est trop long (%(limit)s caractères au plus)."),
    "too_many_lines": N_("Le texte est trop long (%(limit)s lignes au plus)."),
    "too_many_listings": N_("Trop de listes à remplir dans un même texte (%(limit)s au plus)."),
    "markup": N_("« %(found)s » : ni balise, ni lien, ni code dans un contrat."),
    "anchor_missing": N_("Il manque l'article nommé « %(anchor)s » : les explications le citent."),
    "placeholder_missing": N_("Il manque le champ {{ %(name)s }} : sans lui, le document ne dit pas l'essentiel."),
}  # fmt: skip

# The anchors that explanations, papers and answers cite, or without which the text would not do what it is for.
CONTRACT = (
    "objet.limites", "priorite.duree", "remuneration.bareme", "remuneration.explication", "exigibilite.exigible",
    "paiement.delai", "regularisation.remboursement", "regularisation.annulation", "regularisation.causes",
    "reclamation.reponse", "duree.reste", "preuve.convention",
)  # fmt: skip
ANCHORS: Mapping[str, tuple[str, ...]] = {
    MANDATE: ("mandat.etendue", "mandat-contestation.delai", "mandat-electronique.encaissement"),
    PERSONAL_DATA: ("donnees-prospects.opposition", "donnees-durees.durees", "donnees-droits.exercer"),
    PROGRAMME_CONDITIONS: ("conditions-points.valeur", "conditions-points.validite", "conditions-suite.changement"),
    AMENDMENT: ("avenant-changements.liste", "avenant-effet.jour", "avenant-effet.transition"),
    TERMINATION: ("resiliation-fin.jour", "resiliation-reste.montants", "resiliation-priorite.liste"),
}  # fmt: skip
NAMES: Mapping[str, tuple[str, ...]] = {
    MANDATE: ("contract.number", "company.name", "referrer.name", "contract.contest_days"),
    PERSONAL_DATA: ("company.name", "company.privacy_contact"),
    PROGRAMME_CONDITIONS: ("contract.number",),
    AMENDMENT: ("amendment.of_number", "amendment.changes", "amendment.effective_on"),
    TERMINATION: ("termination.of_number", "termination.ends_on", "termination.owed", "termination.still_running"),
}  # fmt: skip
OF_A_CONTRACT = ("contract.number", "company.name", "referrer.name", "plan.rules")

MARKUP = re.compile(
    r"</?[A-Za-z!?][^<>\n]{0,40}>?|\{%|%\}|\$\{|&#?\w{2,8};|\burl\(|\bjavascript:|\bdata:[\w/+.-]{1,80}[;,]|\bfile:|@import\b|https?://\S+"
    r"|!?\[[^\]\n]{0,80}\]\([^)\n]{0,80}\)|```",
    re.IGNORECASE,
)
NAMED = re.compile(r"\{\{(?:#(?:if|unless))? ?([^\s{}#/]{1,80}) ?\}\}")


def required_anchors(stands_for: str) -> tuple[str, ...]:
    return CONTRACT if STATUS_OF[stands_for] else ANCHORS[stands_for]


def faults(body: str, stands_for: str) -> tuple[Fault, ...]:
    """All that can be said at once: nothing when the text may be published."""
    found = {(fault.line, fault.code): fault for fault in _of_lines(body)}
    try:
        whole = _of_the_whole(parse(body, VOCABULARY), stands_for)
        found |= {(0, f"{fault.code}:{position}"): fault for position, fault in enumerate(whole)}
    except TextRefused as refused:
        found[refused.line, refused.code] = Fault(refused.line, refused.code, refused.params)
    return tuple(sorted(found.values(), key=lambda fault: (fault.line == 0, fault.line, fault.code)))


def _of_lines(body: str) -> Iterator[Fault]:
    """The language stops at its first fault; a writer would rather know of all."""
    for number, line in enumerate(body.split("\n"), start=1):
        if markup := MARKUP.search(line):
            yield Fault(number, "markup", {"found": markup.group()[:SHOWN_CHARACTERS]})
        for name in NAMED.findall(line):
            if name not in VOCABULARY:
                yield Fault(number, "unknown_placeholder", {"name": name[:SHOWN_CHARACTERS]})


def _of_the_whole(document: Document, stands_for: str) -> Iterator[Fault]:
    names = NAMES.get(stands_for, OF_A_CONTRACT)
    taken = _articles_of_others(stands_for)
    yield from (
        Fault(0, "anchor_missing", {"anchor": anchor})
        for anchor in required_anchors(stands_for)
        if anchor not in document.anchors
    )
    yield from (
        Fault(0, "placeholder_missing", {"name": name}) for name in names if name not in document.names
    )
    yield from (
        Fault(0, "anchor_taken", {"anchor": anchor}) for anchor in document.anchors if anchor in taken
    )


def _articles_of_others(stands_for: str) -> frozenset[str]:
    """Texts that are signed together never share an anchor: an explanation would cite the wrong one."""
    main = STATUS_OF[stands_for] is not None
    others = [text for text in youngest_texts() if text.key != stands_for and not (main and text.status)]
    return frozenset(anchor for text in others for anchor in text.anchors if "." not in anchor)

"""The gates before an employee of a partner may join, as a table: questions in order, and what each answer brings. Pure.

Sources: CSS L242-1-4 (customary rewards to employees in contact with customers), C. pén. 445-1 (the employer knows and
agrees), ordonnance 45-2138 art. 22 and 24 (accountancy firms), C. pén. 433-1 (public buyers)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from portal.kit.text import N_


class Gate(StrEnum):
    JOB = "job"
    TRADE = "trade"
    PROFESSION = "profession"
    GROUP = "group"
    PUBLIC = "public"
    PAYEE = "payee"


class Effect(StrEnum):
    GO_ON = "go_on"
    FULL_CONTRIBUTIONS = "full_contributions"  # the favourable regime does not apply
    AUTHORISATION = "authorisation"  # a public agent shows the leave of their administration
    BY_EMPLOYER = "by_employer"  # the employer contracts, and pays his employee
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Choice:
    code: str
    label: str
    effect: Effect = Effect.GO_ON


@dataclass(frozen=True, slots=True)
class Question:
    """`refusal`: what is said to who gives the answer that refuses; `told`: what another answer brings."""

    gate: Gate
    asks: str
    hint: str
    choices: tuple[Choice, ...]
    refusal: str = ""


G, E = Gate, Effect
YES, NO = N_("Oui"), N_("Non")
GATES = (
    Question(
        G.JOB,
        N_("Êtes-vous commercial, ou en contact direct avec les clients ?"),
        N_("C'est ce qui ouvre le régime social allégé des sommes versées par un tiers."),
        (Choice("yes", YES), Choice("no", NO, E.FULL_CONTRIBUTIONS)),
    ),
    Question(
        G.TRADE,
        N_("Dans votre métier, est-il d'usage qu'un partenaire récompense les salariés ?"),
        N_("Par exemple dans la distribution, l'automobile, le voyage ou l'assurance."),
        (Choice("yes", YES), Choice("no", NO, E.FULL_CONTRIBUTIONS)),
    ),
    Question(
        G.PROFESSION,
        N_(
            "Travaillez-vous dans un cabinet comptable, d'avocats, de notaires, ou une autre profession tenue au secret ?"
        ),
        N_("Ces professions ne peuvent rien recevoir d'un tiers pour leurs dossiers."),
        (Choice("no", NO), Choice("yes", YES, E.REFUSED)),
        N_(
            "Votre profession vous interdit de recevoir une commission. Vos clients peuvent nous joindre eux-mêmes, d'un clic, sans que rien ne vous soit versé."
        ),
    ),
    Question(
        G.GROUP,
        N_("Votre employeur fait-il partie du même groupe que nous ?"),
        N_("Une société mère, une filiale, une société sœur."),
        (Choice("no", NO), Choice("yes", YES, E.REFUSED)),
        N_("Les salariés d'une société du même groupe ne peuvent pas recevoir de commission."),
    ),
    Question(
        G.PUBLIC,
        N_("Êtes-vous agent public, ou lié à un acheteur public ?"),
        N_("État, collectivité, hôpital, entreprise publique."),
        (
            Choice("no", NO),
            Choice("agent", N_("Agent public, sans lien avec des achats"), E.AUTHORISATION),
            Choice("buyer", N_("Je participe à des achats publics ou j'en décide"), E.REFUSED),
        ),
        N_(
            "Une personne liée à un acheteur public ne peut pas recevoir de commission : la loi pénale l'interdit (articles 432-11 et 433-1 du code pénal)."
        ),
    ),
    Question(
        G.PAYEE,
        N_("Qui signe le contrat et reçoit la commission ?"),
        N_("Le plus simple est que votre employeur signe : il vous reverse votre part avec votre salaire."),
        (
            Choice("employer", N_("Mon employeur (le plus simple)"), E.BY_EMPLOYER),
            Choice("myself", N_("Moi, avec l'accord écrit de mon employeur")),
        ),
    ),
)
BY_GATE: Mapping[Gate, Question] = {question.gate: question for question in GATES}
OWN_GROUP = "own_group"  # the SIREN of the employer is one of the group
REFUSALS = {question.gate.value: question.refusal for question in GATES if question.refusal} | {
    OWN_GROUP: BY_GATE[G.GROUP].refusal
}
FULL_MEANS = N_(
    "Le régime allégé ne s'applique pas à vous : toutes les cotisations sociales sont dues dès le premier euro, comme sur un salaire."
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """`gate`: the next to answer; none once all are. `refused`: by which gate."""

    gate: Gate | None
    refused: str = ""
    customary: bool = True
    effects: frozenset[Effect] = field(default_factory=frozenset)

    @property
    def needs_authorisation(self) -> bool:
        return Effect.AUTHORISATION in self.effects

    @property
    def by_employer(self) -> bool:
        return Effect.BY_EMPLOYER in self.effects

    @property
    def is_open(self) -> bool:
        """All gates are passed."""
        return self.gate is None and not self.refused


def effect_of(gate: Gate, code: str) -> Effect | None:
    """None for what is no answer of this gate."""
    return next((choice.effect for choice in BY_GATE[gate].choices if choice.code == code), None)


def outcome(answers: Mapping[str, str]) -> Outcome:
    """In order: the first gate that refuses ends it; what is answered further on does not matter."""
    effects: set[Effect] = set()
    for question in GATES:
        effect = effect_of(question.gate, answers.get(question.gate, ""))
        if effect is None:
            return Outcome(question.gate, "", _customary(effects), frozenset(effects))
        if effect is Effect.REFUSED:
            return Outcome(None, question.gate, _customary(effects), frozenset(effects))
        effects.add(effect)
    return Outcome(None, "", _customary(effects), frozenset(effects))


def _customary(effects: set[Effect]) -> bool:
    return Effect.FULL_CONTRIBUTIONS not in effects

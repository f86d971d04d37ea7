"""Why nobody, or not yet somebody, is paid by Stripe. Pure."""

from portal.kit.text import N_

BLOCKS = {
    "stripe_off": N_("Stripe n'est pas ouvert par l'entreprise"),
}

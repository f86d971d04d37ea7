"""What can go wrong in a way a person should read, with its status. Everything else is a fault of ours."""

from typing import Any

from portal.kit.text import N_


class Problem(Exception):
    """`code` names it for machines and tests; `sentence` is a msgid, said in the reader's language when shown."""

    status = 400
    sentence = N_("Cette demande n'a pas pu être comprise.")

    def __init__(self, code: str = "", sentence: str = "", **params: Any) -> None:
        super().__init__(code or type(self).__name__)
        self.code = code or type(self).__name__
        self.sentence = sentence or self.sentence
        self.params = params


class NotFound(Problem):
    """It is not there, or it is not yours: the answer is the same."""

    status = 404
    sentence = N_("Cette page n'existe pas, ou n'est plus à cette adresse.")


class NotAllowed(Problem):
    status = 403
    sentence = N_("Cette action n'est pas ouverte à votre compte.")


class Forged(Problem):
    """The form did not come from one of our pages, or its session is over."""

    status = 403
    sentence = N_("Cette page est restée ouverte trop longtemps. Rechargez-la, puis recommencez.")


class Refused(Problem):
    """A rule of the trade says no; nothing was changed."""

    status = 409


class Stale(Problem):
    """Somebody changed it in between; `params` hold both values."""

    status = 409
    sentence = N_("Quelqu'un a modifié cette fiche entre-temps. Relisez-la avant de recommencer.")


class TooMany(Problem):
    """Too many tries; `seconds` until the next."""

    status = 429
    sentence = N_("Trop d'essais. Réessayez dans %(minutes)s min.")

    def __init__(self, seconds: int) -> None:
        super().__init__("too_many", minutes=max(1, -(-seconds // 60)))
        self.seconds = seconds


class TooLarge(Problem):
    status = 413
    sentence = N_("Ce fichier est trop lourd.")


class Busy(Problem):
    status = 503
    sentence = N_("Le portail est très demandé. Réessayez dans un instant.")

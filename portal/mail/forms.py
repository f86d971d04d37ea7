"""What is typed about notices and mails."""

from portal.kit.forms import Form
from portal.mail.kinds import How


class PathForm(Form):
    here: str = ""


class ChoicesForm(Form):
    """By topic; a page offers those of its reader alone."""

    progress: How | None = None
    to_answer: How | None = None
    words: How | None = None
    programme: How | None = None
    network: How | None = None

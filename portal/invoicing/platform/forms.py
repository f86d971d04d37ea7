"""How large a supplier is, and how often purchases are told."""

from typing import Literal

from portal.kit.forms import Form
from portal.law.einvoicing import Rhythm


class SizeForm(Form):
    size: Literal["micro", "small", "mid", "large"]


class RhythmForm(Form):
    rhythm: Rhythm

"""The forms of an import: the file, what its columns mean, what it does not say."""

from typing import Annotated, Literal, Self

from litestar import Request
from litestar.datastructures import UploadFile
from pydantic import BeforeValidator

from portal.imports.labels import FIELD_LABELS, field_choices
from portal.imports.options import Options
from portal.imports.preview import Found, Word
from portal.imports.rules import lacking
from portal.kit.forms import Form
from portal.kit.text import N_, _

CHOOSE_FILE = N_("Choisissez un fichier CSV ou Excel.")
CHOOSE_KIND = N_("Dites ce que contient ce fichier.")
TWICE = N_("Deux colonnes ne peuvent pas donner la même chose : %(field)s.")
LACKING = {
    "signed_on_paper": N_("Dites si ces contrats sont signés."),
    "programme": N_("Choisissez un programme."),
    "plan": N_("Choisissez le barème de ces contrats."),
}
OF_ANOTHER = N_("Ce barème appartient à un autre programme.")


class UploadForm(Form):
    SENTENCES = {"kind.missing": CHOOSE_KIND, "file.missing": CHOOSE_FILE, "file.is_instance_of": CHOOSE_FILE}

    kind: Literal["referrers", "leads", "payments", "clients"]
    file: UploadFile


class ColumnsForm(Form):
    """One select for each column: `c0`, `c1`…, in the order of the file; one for each unknown word: `w0`, `w1`…"""

    model_config = {**Form.model_config, "extra": "allow"}

    @classmethod
    async def asked(
        cls, request: Request, kind: str, columns: list[Found], words: list[Word]
    ) -> tuple[Self, dict[str, str]]:
        """The form, and what was said; see `layout`."""
        form = await cls.read(request)
        choices = {value for value, _label in field_choices(kind)}
        said: dict[str, str] = {}
        taken: set[str] = set()
        for place, column in enumerate(columns):
            given = str(form.values.get(f"c{place}", ""))
            choice = given if given in choices else ""
            field = choice.partition("|")[0]
            if field in taken:
                form.refuse(f"c{place}", _(TWICE) % {"field": _(FIELD_LABELS[field])})
            taken |= {field} - {""}
            said[str(column["key"])] = choice
        return form, said | form._words(words)

    def _words(self, words: list[Word]) -> dict[str, str]:
        given = {word.key: str(self.values.get(f"w{place}", "")) for place, word in enumerate(words)}
        return {key: code for key, code in given.items() if code}


def _yes(typed: object) -> object:
    return {"yes": True, "no": False}.get(str(typed), typed)


class OptionsForm(Form):
    """`signed_on_paper` is said, never supposed; programme and plan by their references."""

    signed_on_paper: Annotated[bool | None, BeforeValidator(_yes)] = None
    programme: str = ""
    plan: str = ""
    text: str = ""
    mandate: bool = False
    notify: bool = False

    def options(
        self, kind: str, dated: bool, programmes: dict[str, int], plans: dict[str, tuple[int, int]], by: int
    ) -> Options:
        """`programmes`: ref → id; `plans`: ref of the version → id and programme. What lacks is refused on the form."""
        version_id, of_programme = plans.get(self.plan, (None, None))
        programme_id = programmes.get(self.programme)
        paper = bool(self.signed_on_paper) and dated
        options = Options(
            programme_id=programme_id, plan_version_id=version_id if paper else None, text_key=self.text,
            signed_on_paper=paper, mandate=self.mandate and paper, notify=self.notify, vouched_by=by,
        )  # fmt: skip
        for name in lacking(
            kind, options, dated_contracts=dated, paper_said=self.signed_on_paper is not None
        ):
            self.refuse(name, _(LACKING[name]))
        if options.plan_version_id and programme_id and of_programme != programme_id:
            self.refuse("plan", _(OF_ANOTHER))
        return options

"""A list page as its address says it: filters, order, page, export. `templates/parts/listing.html` draws it.

    listing = Listing.asked(request, columns=(Column("day", _("Date"), sortable=True), …), filters=(Filter("etat", …),), sort="-day")
    await access.list_for(person, listing)      # there: await listing.fetch(SELECT, *args, sorts=SORTS, then="lead.id DESC", where=WHERE)
    return await listing.answer("leads/index.html", cells={"day": lambda row: row["day"], …}, name="recommandations")

A table that its page shows at once is exported too: `Listing.whole(request, columns, rows)`, `{{ exports(listing) }}`.

Nothing of the address ever becomes SQL: columns and conditions are written in the code and chosen by name, values are
parameters. Two queries, however many rows."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Any, Self
from urllib.parse import urlencode

from litestar import Request, Response

from portal.kit import db
from portal.kit.cells import parse_amount
from portal.kit.days import today
from portal.kit.invalid import Invalid
from portal.kit.problems import Refused
from portal.kit.sheets import Cell, csv_bytes, xlsx_bytes
from portal.kit.text import N_
from portal.kit.uploads import CSV, XLSX
from portal.kit.web import Answer, page

PAGE = 50
MOST_EXPORTED = 100_000
MOST_TYPED = 100
FORMATS = {"csv": CSV, "xlsx": XLSX}
TOO_LONG = N_("Un fichier tient %(most)s lignes au plus, et cette liste en a davantage. Filtrez-la d'abord.")

Cells = Mapping[str, Callable[[Any], Cell]]  # column → what stands in a cell of the file


@dataclass(frozen=True, slots=True)
class Column:
    """`file_only`: a file has more columns than fit on a page."""

    key: str
    label: str
    numeric: bool = False
    sortable: bool = False
    file_only: bool = False


@dataclass(slots=True)
class Filter:
    """`kind`: search, select, date, month or money; what cannot be such a value is no filter. `more`: unfolded on demand."""

    name: str
    label: str
    kind: str = "search"
    options: Sequence[tuple[str, str]] = ()
    value: str = ""
    more: bool = False

    def take(self, typed: str) -> None:
        self.value = typed if self._fits(typed) else ""

    def _fits(self, typed: str) -> bool:
        match self.kind:
            case "select":
                return typed in {str(value) for value, _label in self.options}
            case "date" | "month":
                return _day(typed) is not None
            case "money":
                return _cents(typed) is not None
        return len(typed) <= MOST_TYPED and "\0" not in typed

    @property
    def parameter(self) -> Any:
        """What the condition compares with: a day, the first of a month, cents, a pattern that contains what was typed."""
        match self.kind:
            case "select":
                return self.value
            case "date" | "month":
                return _day(self.value)
            case "money":
                return _cents(self.value)
        plain = self.value.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        return f"%{plain}%"


def _day(typed: str) -> date | None:
    """2027-03-12, or 2027-03 for the first of the month."""
    try:
        return date.fromisoformat(typed if len(typed) == 10 else f"{typed}-01")
    except ValueError:
        return None


def _cents(typed: str) -> int | None:
    try:
        return parse_amount(typed)
    except Invalid:
        return None


@dataclass(slots=True)
class Listing:
    path: str
    columns: Sequence[Column]
    filters: Sequence[Filter] = ()
    sort: str = ""
    page: int = 1
    size: int = PAGE
    most: int = 0  # counting stops there, where it would take long; 0: all are counted
    cleared: str = ""  # where it stands without a filter, when its path alone opens a view
    format: str = ""
    rows: Sequence[Any] = ()
    total: int = 0
    _asked: dict[str, str] = field(default_factory=dict)

    @classmethod
    def asked(
        cls, request: Request, columns: Sequence[Column], filters: Sequence[Filter] = (), sort: str = ""
    ) -> Self:
        """`sort` is the order when none is asked for."""
        return cls.of(request.scope["path"], dict(request.query_params), columns, filters, sort)

    @classmethod
    def of(
        cls,
        path: str,
        params: Mapping[str, str],
        columns: Sequence[Column],
        filters: Sequence[Filter] = (),
        sort: str = "",
    ) -> Self:
        """As `params` say it, wherever they come from."""
        for one in filters:
            one.take(params.get(one.name, "").strip())
        sortable = {sign + column.key for column in columns if column.sortable for sign in ("", "-")}
        wanted = params.get("sort", "") if params.get("sort") in sortable else ""
        kept = {one.name: one.value for one in filters if one.value} | ({"sort": wanted} if wanted else {})
        listing = cls(path, columns, filters, wanted or sort, _number(params.get("page", "")), _asked=kept)
        if params.get("format") in FORMATS:
            listing.format, listing.page, listing.size = params["format"], 1, MOST_EXPORTED
        else:
            listing.columns = [column for column in columns if not column.file_only]
        return listing

    @classmethod
    def whole(cls, request: Request, columns: Sequence[Column], rows: Sequence[Any]) -> Self:
        """All rows on one page, in their own order."""
        return cls.asked(request, columns).show(rows, len(rows))

    async def fetch(
        self,
        select: str,
        *args: Any,
        sorts: Mapping[str, str],
        then: str,
        where: Mapping[str, str] | None = None,
    ) -> Self:
        """`select` ends with its WHERE; `sorts`: column → SQL; `then` settles ties; `where`: filter → SQL with {} for its value."""
        conditions, values = self._conditions(where or {}, len(args) + 1)
        found, given = f"{select}{conditions}", (*args, *values)
        few = f" LIMIT {self.most + 1:d}" if self.most else ""
        self.total = await db.value(f"SELECT count(*) FROM ({found}{few}) found", *given)
        self.page = min(self.page, self.pages)
        self.rows = await db.rows(
            f"{found} ORDER BY {self.order_by(sorts, then)} LIMIT {self.size:d} OFFSET {self.offset:d}",
            *given,
        )
        return self

    def _conditions(self, where: Mapping[str, str], first: int) -> tuple[str, list[Any]]:
        used = [one for one in self.filters if one.value and one.name in where]
        sql = "".join(
            f" AND ({where[one.name].replace('{}', f'${place}')})" for place, one in enumerate(used, first)
        )
        return sql, [one.parameter for one in used]

    def show(self, rows: Sequence[Any], total: int) -> Self:
        self.rows, self.total = rows, total
        return self

    @property
    def kept(self) -> Mapping[str, str]:
        """Filters that are set, and the order when one was asked for: what a saved view remembers."""
        return {name: value for name, value in self._asked.items() if value}

    def value(self, name: str) -> str:
        return next((one.value for one in self.filters if one.name == name), "")

    def order_by(self, columns: Mapping[str, str], then: str) -> str:
        """The ORDER BY of this listing; `columns`: key → SQL, `then` settles ties."""
        key = self.sort.removeprefix("-")
        ordered = (
            f"{columns[key]} {'DESC' if self.sort.startswith('-') else 'ASC'}, " if key in columns else ""
        )
        return f"{ordered}{then}"

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.size

    @property
    def pages(self) -> int:
        return max(1, -(-self.counted // self.size))

    @property
    def counted(self) -> int:
        """Of `total`, as far as counting goes."""
        return min(self.total, self.most) if self.most else self.total

    @property
    def has_more(self) -> bool:
        """There are more than were counted."""
        return self.total > self.counted

    @property
    def filtered(self) -> bool:
        return any(one.value for one in self.filters)

    def query(self, **changes: Any) -> str:
        """'?…' of this listing with these changes; none drops one; other than by page, one is on the first page again."""
        stays = set(changes) <= {"page", "format"} and self.page > 1
        asked = {**self._asked, **({"page": self.page} if stays else {}), **changes}
        return "?" + urlencode({name: value for name, value in asked.items() if value not in (None, "")})

    async def answer(self, template: str, *, cells: Cells, name: str, **context: Any) -> Answer:
        """The page, or the file when one was asked for."""
        return await self.exported(cells, name) if self.format else page(template, listing=self, **context)

    async def exported(self, cells: Cells, name: str) -> Answer:
        if self.total > MOST_EXPORTED:
            raise Refused("export_too_long", TOO_LONG, most=MOST_EXPORTED)
        body = await asyncio.to_thread(self._written, cells)  # a long one takes seconds
        called = f"{name}-{today().isoformat()}.{self.format}"
        return Response(
            body,
            media_type=FORMATS[self.format],
            headers={"content-disposition": f'attachment; filename="{called}"'},
        )

    def _written(self, cells: Cells) -> bytes:
        drawn = [column for column in self.columns if column.key in cells]
        rows = ([cells[column.key](row) for column in drawn] for row in self.rows)
        table = chain([[column.label for column in drawn]], rows)
        return csv_bytes(table) if self.format == "csv" else xlsx_bytes(table)


def _number(typed: str) -> int:
    small = typed.isascii() and typed.isdigit() and len(typed) < 7
    return max(1, int(typed)) if small else 1

"""取值依据: how a measured value of a stream comes to be known: tested, by whom and how, or printed on a voucher."""

from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tanheng.kernel.errors import InputError
from tanheng.kernel.test_methods import check_method, methods_for
from tanheng_web.collection.models import SourceStream
from tanheng_web.collection.vocabulary import key_zh
from tanheng_web.common.access import require
from tanheng_web.common.audit import log

__all__ = ["KINDS", "TESTED", "VOUCHER", "Basis", "bases_of", "basis_set", "missing_bases", "untested"]

OWN, LABORATORY, VOUCHER = "own_test", "laboratory", "voucher"
KINDS = {OWN: _("企业自行检测"), LABORATORY: _("委托有资质的机构检测"), VOUCHER: _("与相关方结算凭证中的检测值")}
TESTED = (OWN, LABORATORY)


@dataclass(frozen=True, slots=True)
class Basis:
    """Where the values of one quantity of a stream come from, as the person said last."""

    kind: str
    method: str = ""
    document: str = ""
    by: str = ""
    at: str = ""

    @property
    def kind_zh(self) -> str:
        return str(KINDS.get(self.kind, self.kind))

    @property
    def origin(self) -> str:
        """The origin of the value in a result."""
        return "contracted" if self.kind == VOUCHER else "measured"

    def facts(self) -> dict[str, str]:
        """What a result keeps of it beside every value."""
        named = {"basis": self.kind_zh, "method": self.method, "evidence_document": self.document}
        return {key: text for key, text in named.items() if text}


def bases_of(stream: SourceStream) -> dict[str, Basis]:
    """What is said of the measured values of a stream, by quantity."""
    return {key: Basis(**given) for key, given in stream.bases.items()}


def missing_bases(stream: SourceStream) -> list[str]:
    """The measured values of a stream of which nobody said where they come from."""
    return [key for key in stream.values if key not in stream.bases]


def untested(report) -> list[str]:
    """Values entered in a month that only one test method allows and of which nobody said how they are known."""
    rows = report.entries.filter(is_current=True, value__isnull=False).select_related("stream")
    return [
        f"{row.stream.name} {key_zh(row.key)}"
        for row in rows
        if methods_for(row.stream.material, row.key).only and row.key not in row.stream.bases
    ]


@transaction.atomic
def basis_set(*, by, stream: SourceStream, key: str, kind: str, method: str = "", document: str = "") -> Basis:
    """Say where the values of a quantity come from.

    Raises
    ------
    InputError
        ``basis.not_asked``, ``basis.kind``, ``basis.document``; ``method.missing`` and ``method.not_this`` for a test.
    """
    require(by, "data.enter", stream.organisation)
    stream = SourceStream.objects.select_for_update().get(pk=stream.pk)
    if key not in stream.values:
        raise InputError("basis.not_asked", stream=stream.name)
    if kind not in KINDS:
        raise InputError("basis.kind")
    document = " ".join(document.split())[:120]
    if kind != OWN and not document:
        raise InputError("basis.document")
    named = check_method(stream.material, key, method)[:60] if kind in TESTED else " ".join(method.split())[:60]
    basis = Basis(kind, named, document, str(by), timezone.now().isoformat(timespec="seconds"))
    stream.bases = {**stream.bases, key: asdict(basis)}
    stream.save(update_fields=["bases"])
    log(
        action="stream.basis",
        by=by,
        organisation=stream.organisation,
        on=stream,
        data={"values": [key], "kind": basis.kind_zh, "method": named, "document": document},
    )
    return basis

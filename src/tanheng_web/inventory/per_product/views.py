"""单位产品数据: the table and its export."""

import csv
import io

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tanheng.accounting.boundary_catalogue import boundary_rules
from tanheng.accounting.per_product import PerProduct, ProductRow, per_product
from tanheng.kernel.errors import InputError
from tanheng.kernel.roles import role_zh
from tanheng.kernel.units import label
from tanheng_web.common.access import needs
from tanheng_web.common.figures import Figure
from tanheng_web.common.periods import period_of
from tanheng_web.common.spreadsheets import as_cell
from tanheng_web.inventory.models import Run
from tanheng_web.inventory.selectors import document_of, latest_run

__all__ = ["export", "table"]

GROUPS = (
    ("原料与辅料", (*boundary_rules()["cut_off"]["raw_material_roles"], "auxiliary", "reagent")),
    ("能源", ("fuel", "electricity", "heat")),
    ("运输", ("transport",)),
    ("产品与副产品", ("product", "co_product", "by_product", "uptake")),
    ("三废", ("waste",)),
)
HEAD = (
    *("源流", "物料", "用途", "工序", "方向", "数量", "单位", "单位产品数量"),
    *("能量 tce", "单位产品能量 tce", "排放 tCO2e", "单位产品排放 tCO2e", "是否计入标准", "说明"),
)


@require_GET
@needs("view")
def table(request, org):
    """Every stream: the raw figure, and the same for one tonne; ``?flows=all`` shows the processes' own too."""
    year = period_of(request).last.year
    run = latest_run(request.organisation, year)
    with_inner = request.GET.get("flows") == "all"
    context = {"year": year, "run": run, "with_inner": with_inner}
    if run is not None:
        context["changes"] = run.views.get("calibre", ())
        try:
            found = per_product(document_of(run).data)
        except InputError as error:
            context["fault"] = error.zh()
        else:
            context |= _shown(request.organisation, run, found, with_inner)
    return render(request, "inventory/per_product/table.html", context)


def _shown(organisation, run: Run, found: PerProduct, with_inner: bool) -> dict:
    rows = [row for row in found.rows if with_inner or not row.flow.process]
    place = {"run_id": run.pk, "organisation_id": organisation.pk, "show_unit": False}
    return {
        "found": found,
        "unit": label(found.output_unit),
        "groups": [(zh, [_cells(row, place) for row in rows if row.flow.role in roles]) for zh, roles in GROUPS],
        "inner_count": sum(bool(row.flow.process) for row in found.rows),
    }


def _cells(row: ProductRow, place: dict) -> dict:
    flow = row.flow
    address = {"address": f"stream:{flow.stream}"} if flow.counted else {}
    return {
        "row": row,
        "role": role_zh(flow.role),
        "unit": flow.unit,
        "emission": Figure(flow.emission, "tCO2e", 2, label=flow.label, **place, **address),
        "emission_per": Figure(row.emission_per, "tCO2e", 6, label=flow.label, show_unit=False),
    }


@require_GET
@needs("view")
def export(request, org):
    """The whole table as CSV with full precision."""
    run = latest_run(request.organisation, period_of(request).last.year)
    if run is None:
        raise Http404
    found = per_product(document_of(run).data)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["主产品", as_cell(found.product_zh), "产量", found.output, found.output_unit, run.period])
    writer.writerow(HEAD)
    writer.writerows([as_cell(cell) for cell in _line(row)] for row in found.rows)
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="per-product-{run.period}.csv"'
    return response


def _line(row: ProductRow) -> tuple:
    flow = row.flow
    return (
        flow.label, flow.material, role_zh(flow.role), flow.process, "产出" if flow.is_output else "投入",
        flow.quantity, flow.unit, row.quantity_per, row.energy, row.energy_per, flow.emission, row.emission_per,
        "计入" if flow.counted else "不计入", flow.reason,
    )  # fmt: skip

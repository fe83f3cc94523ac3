"""A year's report (docx + xlsx) of 40 streams, twelve months each, from result document to files; target 3 s.

The year is made here from steady round numbers: it measures the writing, it is no plant. Imports of the libraries are
counted as well, as the first report of a worker pays them.
"""

import time
from datetime import date

from benchmarks.record import record
from tanheng.accounting.result import ResultDocument
from tanheng.accounting.run import run
from tanheng.kernel.periods import Month, Period
from tanheng.reporting.content import Entity, ReportContent
from tanheng.reporting.docx import write_docx
from tanheng.reporting.xlsx import write_xlsx
from tanheng.rules.package import Standard, load_standard
from tanheng.rules.streams import Given, SiteInfo, StreamDecl, StreamRecord, StreamSet

STANDARD = "gbt_32151_5_2015"
# process (-: the boundary), material, role, direction, amount a month, unit
FLOWS = """
- washed_coal fuel in 100000 t
- anthracite fuel in 26000 t
- bituminous_coal fuel in 17000 t
- coke fuel in 10000 t
- diesel fuel in 340 t
- gasoline fuel in 10 t
- natural_gas fuel in 150 1e4Nm3
- coal_tar by_product out 4900 t
- crude_benzol by_product out 1450 t
- cog by_product out 100 1e4Nm3
- limestone flux in 85000 t
- dolomite flux in 26000 t
- electrode electrode in 120 t
- pig_iron carbon_raw_material in 3500 t
- ferrochrome carbon_raw_material in 300 t
- ferronickel carbon_raw_material in 45 t
- electricity electricity in 98000 MWh
- electricity electricity out 3900 MWh
- heat heat in 10500 GJ
- heat heat out 31700 GJ
- crude_steel product out 250000 t
- scrap carbon_raw_material in 22000 t
焦化 washed_coal fuel in 100000 t
焦化 coke fuel out 74000 t
焦化 cog fuel out 3100 1e4Nm3
烧结 anthracite fuel in 9000 t
烧结 limestone flux in 50000 t
炼铁/1号高炉 coke fuel in 42000 t
炼铁/2号高炉 coke fuel in 38000 t
炼铁/1号高炉 anthracite fuel in 9000 t
炼铁/2号高炉 anthracite fuel in 8000 t
炼铁/1号高炉 bfg fuel out 19000 1e4Nm3
炼铁/2号高炉 bfg fuel out 17000 1e4Nm3
炼钢 dolomite flux in 20000 t
炼钢 ldg fuel out 2500 1e4Nm3
轧钢 cog fuel in 1500 1e4Nm3
轧钢 electricity electricity in 30000 MWh
石灰 limestone flux in 30000 t
自备电厂 bfg fuel in 20000 1e4Nm3
自备电厂 electricity electricity out 55000 MWh
"""
ENTITY = Entity(
    "测量用钢铁厂", province="河北", is_demo=True, industry="黑色金属冶炼和压延加工业",
    processes=(("焦化", ()), ("烧结", ()), ("炼铁", ("1号高炉", "2号高炉")), ("炼钢", ()), ("轧钢", ())),
)  # fmt: skip


def year(standard: Standard, period: Period, *, without: tuple[str, Month] | None = None) -> ResultDocument:
    """Return the result of a year; `without` leaves out one stream in one month."""
    flows = [line.split() for line in FLOWS.split("\n") if line]
    declared, records = [], []
    for n, (process, material, role, direction, amount, unit) in enumerate(flows, 1):
        stream = f"s{n:02}"
        declared.append(StreamDecl(stream, material, role, direction, process.removeprefix("-")))
        for month in period.months:
            if (stream, month) != without:
                records.append(_record(stream, n, month, float(amount), unit, material))
    streams = StreamSet(SiteInfo("河北", main_product="crude_steel", name=ENTITY.name), tuple(declared), tuple(records))
    return run(standard, streams, period=period, as_of=date(period.last.year + 1, 3, 31), title="测量")


def _record(stream: str, n: int, month: Month, amount: float, unit: str, material: str) -> StreamRecord:
    season = 1 + 0.01 * ((month.month * 7) % 12 - 6)
    cell = {
        "kind": "workbook",
        "file": f"活动数据-{month.year}.xlsx",
        "sheet": "活动数据",
        "cell": f"{chr(66 + month.month)}{n + 4}",
    }
    who = {
        "by": "填报员甲",
        "at": f"{month.shift(months=1)}-03T09:00:00+08:00",
        "approved_by": "管理员乙",
        "approved_at": f"{month.shift(months=1)}-05T15:00:00+08:00",
        "version": 1,
    }
    quantity = {"quantity": Given(round(amount * season, 2), unit, "measured", {**cell, **who})}
    values = (
        {"net_calorific_value": Given(26.0 + 0.05 * month.month, "GJ/t", "measured", {**cell, **who})}
        if material == "washed_coal"
        else {}
    )
    return StreamRecord(stream, str(month), quantity, values)


def main() -> None:
    standard = load_standard(STANDARD)
    last, this = year(standard, Period.parse("2023")), year(standard, Period.parse("2024"))
    start = time.perf_counter()
    content = ReportContent.build(this, standard, ENTITY, last)
    built = time.perf_counter()
    docx = write_docx(content)
    worded = time.perf_counter()
    xlsx = write_xlsx(content)
    end = time.perf_counter()
    figures = {
        "seconds": round(end - start, 2), "content_seconds": round(built - start, 2),
        "docx_seconds": round(worded - built, 2),
        "xlsx_seconds": round(end - worded, 2), "streams": len(this.data["declared"]), "months": 12,
        "figures": sum(1 for _ in content.figures()), "docx_bytes": len(docx), "xlsx_bytes": len(xlsx),
    }  # fmt: skip
    record("report", figures, {"seconds": "<= 3"})


if __name__ == "__main__":
    main()

"""Rows, files and published factors for tests."""

import csv
import io
from unittest.mock import patch

from django.core.files.base import ContentFile

from tanheng.rules.factors.rows import columns
from tanheng_web.catalogue.factors import services
from tanheng_web.catalogue.models import FactorImport

__all__ = ["GOOD", "batch_of", "csv_of", "published"]

GOOD = {
    "code": "EL-2024", "zh": "华北电网 2024 平均", "value": "0.6500", "unit": "tCO2/MWh", "quantity": "排放因子",
    "family": "组织核算", "klass": "电力", "gas": "CO2", "publisher": "生态环境部", "document": "测试用的公告",
    "document_no": "公告一号", "published_on": "2026-06-30", "data_year": "2024", "material": "电力", "carrier": "电力",
    "stage": "能源", "emission_type": "间接排放", "indicator": "电网平均", "level": "区域电网", "region_zh": "华北",
    "supersedes": "average:regional:north:2023",
}  # fmt: skip


def csv_of(*rows: dict) -> bytes:
    """A file as a spreadsheet saves it."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([column["zh"] for column in columns().values()])
    for row in rows:
        writer.writerow([row.get(key, "") for key in columns()])
    return out.getvalue().encode("utf-8-sig")


def batch_of(organisation, by, *rows: dict, name: str = "因子.csv") -> FactorImport:
    """A checked import of a file."""
    batch = FactorImport(organisation=organisation, name=name, uploaded_by=by)
    batch.file.save("factors.csv", ContentFile(csv_of(*rows)), save=True)
    return services.factors_check(batch=batch)


def published(organisation, importer, reviewer, *rows: dict, today=None) -> FactorImport:
    """An import, handed in and published; on another day if one is given."""
    batch = batch_of(organisation, importer, *rows)
    assert not batch.counts["bad"], batch.findings
    services.factors_submit(batch=batch, by=importer)
    if today is None:
        return services.factors_approve(batch=batch, by=reviewer)
    with patch.object(services.timezone, "localdate", return_value=today):
        return services.factors_approve(batch=batch, by=reviewer)

"""The contexts of 工序分析 and 碳平衡."""

from functools import lru_cache
from typing import Any

from tanheng.accounting.carbon_flow_balance import CarbonBalance, carbon_balance
from tanheng.accounting.process_analysis import OtherPart, ProcessAnalysis, other_parts, process_analysis
from tanheng.kernel.errors import NotFound
from tanheng.rules.package import load_standard
from tanheng_web.inventory import selectors
from tanheng_web.inventory.analysis.carbon import Carbon
from tanheng_web.inventory.analysis.processes import Processes
from tanheng_web.inventory.models import Run

__all__ = ["carbon_page", "kinds_of", "processes_page", "products_of"]


def processes_page(organisation, run: Run, path: str) -> dict[str, Any]:
    """Contribution, intensity and trend by sub-process."""
    found, other = _processes(run.pk, run.digest, run.standard)
    drawn = Processes(organisation_id=organisation.pk, run_id=run.pk, found=found, other=other, chosen=path)
    return {
        "run": run,
        "drawn": drawn,
        "contributions": drawn.contributions(),
        "shares": drawn.shares(),
        "trend": drawn.trend(),
        "intensity_trend": drawn.intensity_trend(),
    }


def carbon_page(organisation, run: Run) -> dict[str, Any]:
    """The Sankey of the works, the closing error, gases, what 其他 holds."""
    balance, document_names, balances = _carbon(run.pk, run.digest)
    found, other = _processes(run.pk, run.digest, run.standard)
    drawn = Carbon(
        organisation_id=organisation.pk, run_id=run.pk, found=balance, balances=balances, names=document_names
    )
    processes = Processes(organisation_id=organisation.pk, run_id=run.pk, found=found, other=other, chosen="")
    return {
        "run": run,
        "drawn": drawn,
        "flow": drawn.flow(),
        "gas_chart": drawn.gas_chart(),
        "others": processes.others,
        "other": next((row for row in processes.rows if row.path == "其他"), None),
    }


@lru_cache(maxsize=8)
def _processes(run: int, digest: str, standard: str) -> tuple[ProcessAnalysis, tuple[OtherPart, ...]]:
    document = selectors.document_at(run, digest)
    return process_analysis(document, products_of(standard)), other_parts(document)


def products_of(standard: str) -> dict[str, str]:
    """What processes make, by kind and by the template's name; a standard that is gone names none."""
    found = {}
    for template in _templates(standard):
        if template.product:
            found[template.kind] = found[template.zh] = template.product
    return found


def kinds_of(standard: str) -> dict[str, str]:
    """The kind of a process by the name that the template gives it."""
    return {template.zh: template.kind for template in _templates(standard)}


def _templates(standard: str) -> tuple[Any, ...]:
    try:
        return load_standard(standard).processes
    except NotFound:
        return ()


@lru_cache(maxsize=8)
def _carbon(run: int, digest: str) -> tuple[CarbonBalance, dict[str, str], dict[str, Any]]:
    document = selectors.document_at(run, digest)
    return carbon_balance(document), document.data["labels"]["materials"], document.data.get("balances", {})

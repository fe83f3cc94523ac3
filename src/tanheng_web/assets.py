"""Browser libraries: from npm (package-lock.json) into static/vendor at set-up. Nothing comes from a CDN, nothing is committed."""

import re
import shutil
from pathlib import Path

__all__ = ["FILES", "ICONS", "collect_vendor"]

PACKAGE = Path(__file__).resolve().parent
VENDOR = PACKAGE / "static" / "vendor"

FILES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "@tabler/core/dist/js/tabler.min.js": "tabler.min.js",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "echarts/dist/echarts.min.js": "echarts.min.js",
}
LICENCES = ("@tabler/core", "@tabler/icons", "htmx.org", "echarts")

# Outline icons in use. A template that names another one fails in debug mode and in the tests.
ICONS = tuple(
    """
    activity adjustments alert-circle alert-triangle archive arrow-back-up arrow-down arrow-left arrow-narrow-down arrow-narrow-up
    arrow-right arrow-up arrows-exchange arrows-maximize arrows-sort bell book building building-factory-2 building-community
    calculator calendar calendar-month chart-bar chart-dots chart-line chart-sankey check checks chevron-down chevron-left
    chevron-right chevron-up circle circle-check circle-dashed circle-x clipboard-check clock cloud-upload columns copy database
    dots dots-vertical download droplet edit equal external-link eye file file-alert file-download file-spreadsheet
    file-text file-type-docx file-type-pdf file-type-xls filter flame flask forms function gauge hierarchy-2 history home
    inbox info-circle key layout-dashboard layout-grid leaf link list list-check list-details loader lock lock-open login logout mail
    math-function maximize menu-2 message minus moon note package pencil percentage player-play plus printer recycle refresh report
    report-analytics rotate scale search send settings shield-check shield-lock sitemap sort-ascending square-check stack-2 sum sun
    sun-moon table table-import template timeline trash trending-down trending-up upload user user-check user-circle user-plus users versions
    wifi-off world x zoom-question bolt temperature truck tool bucket ruler-2
    """.split()
)


def collect_vendor(modules: Path | None = None) -> list[Path]:
    """Copy the libraries and build the icon sprite; returns what was written."""
    modules = modules or Path.cwd() / "node_modules"
    if not modules.is_dir():
        raise FileNotFoundError(f"{modules} 不存在：请先运行 npm ci / run npm ci first")
    VENDOR.mkdir(parents=True, exist_ok=True)
    written = [_copied(modules / source, VENDOR / target) for source, target in FILES.items()]
    written.append(_sprite(modules / "@tabler" / "icons" / "icons" / "outline", VENDOR / "icons.svg"))
    written.append(_licences(modules, VENDOR / "LICENSES.txt"))
    return written


def _copied(source: Path, target: Path) -> Path:
    # The maps are not shipped: a comment naming one makes browsers ask for it and the manifest storage fail.
    text = source.read_text(encoding="utf-8")
    target.write_text(re.sub(r"\n?(//|/\*)[#@]\s*sourceMappingURL=\S+(\s*\*/)?\s*\Z", "\n", text), encoding="utf-8")
    return target


def _sprite(source: Path, target: Path) -> Path:
    symbols = "".join(_symbol(name, (source / f"{name}.svg").read_text(encoding="utf-8")) for name in ICONS)
    target.write_text(f'<svg xmlns="http://www.w3.org/2000/svg">{symbols}</svg>\n', encoding="utf-8")
    return target


def _symbol(name: str, svg: str) -> str:
    body = re.sub(r"<!--.*?-->", "", svg, flags=re.DOTALL)
    inner = re.search(r"<svg[^>]*>(.*)</svg>", body, flags=re.DOTALL)
    if inner is None:
        raise ValueError(f"icon {name}: no <svg> in its file")
    paths = re.sub(r"\s+", " ", inner[1]).strip()
    return f'<symbol id="i-{name}" viewBox="0 0 24 24">{paths}</symbol>'


def _licences(modules: Path, target: Path) -> Path:
    parts = []
    for package in LICENCES:
        found = next(iter(sorted((modules / package).glob("LICENSE*"))), None)
        if found:
            parts.append(f"== {package} ==\n{found.read_text(encoding='utf-8')}")
    target.write_text("\n".join(parts), encoding="utf-8")
    return target

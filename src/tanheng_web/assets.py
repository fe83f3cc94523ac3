"""Browser libraries: from npm (package-lock.json) into static/vendor at set-up. No CDN, nothing committed."""

import re
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

# Outline icons in use, one a line. The tests fail for a template that names another one.
ICONS = tuple((PACKAGE / "icons.txt").read_text(encoding="utf-8").split())


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

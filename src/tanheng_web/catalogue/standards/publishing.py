"""Published copies as folders under TANHENG_HOME/standards, where the loader finds them beside the packaged ones."""

import logging
import shutil
import tempfile
from pathlib import Path

from django.conf import settings

from tanheng.kernel.canonical_json import digest as sha256
from tanheng.kernel.canonical_json import dumps
from tanheng.kernel.errors import TanhengError
from tanheng.rules.package_copy import case_names, checked_copy, data_of, written
from tanheng_web.catalogue.models import StandardCopy

__all__ = ["digest_of", "folder_of", "home", "is_on_disk", "laid_out", "materialise", "materialise_all"]

logger = logging.getLogger(__name__)


def home() -> Path:
    """The folder of the published copies of this installation."""
    path = Path(settings.TANHENG_HOME) / "standards"
    path.mkdir(mode=0o750, parents=True, exist_ok=True)
    return path


def folder_of(copy: StandardCopy) -> Path:
    """Where a copy lies once it is published."""
    return home() / copy.standard_id


def laid_out(copy: StandardCopy) -> dict[str, str]:
    """The files as they lie on disk: the cases name the standard they are for."""
    files = dict(copy.files)
    for name in case_names(files):
        files[name] = written({**data_of(files, name), "standard": copy.standard_id})
    return files


def is_on_disk(copy: StandardCopy) -> bool:
    """Whether the folder of a copy holds exactly its files."""
    folder = folder_of(copy)
    present = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    wanted = laid_out(copy)
    return present.keys() == wanted.keys() and all(
        present[name].read_bytes() == text.encode() for name, text in wanted.items()
    )


def materialise(copy: StandardCopy) -> bool:
    """Write the folder of a published copy, whole or not at all; returns whether anything had to be written."""
    if is_on_disk(copy):
        return False
    folder = folder_of(copy)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=home()) as scratch:
        new = Path(scratch) / copy.standard_id
        for name, text in laid_out(copy).items():
            path = new / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        if folder.exists():
            folder.replace(Path(scratch) / "old")
        new.replace(folder)
    return True


def materialise_all() -> list[str]:
    """Bring the folders up to the published rows: at start, again and again without harm; returns what was written.

    A copy whose digest is not that of its publication, or that the loader of a newer version refuses, is left out and
    said in the log: one enterprise's standard must not keep the others from starting.
    """
    kept, changed = set(), []
    rows = StandardCopy.objects.filter(status__in=[StandardCopy.Status.PUBLISHED, StandardCopy.Status.WITHDRAWN])
    for copy in rows.iterator():
        if not _is_sound(copy):
            continue
        kept.add(copy.standard_id)
        if materialise(copy):
            changed.append(copy.standard_id)
    for folder in home().iterdir():
        if folder.name not in kept:
            shutil.rmtree(folder)
            changed.append(folder.name)
    return changed


def _is_sound(copy: StandardCopy) -> bool:
    try:
        found = checked_copy(copy.files, folder_of(copy))
    except TanhengError as error:
        logger.error("own standard %s is refused by this version: %s", copy.standard_id, error.zh())
        return False
    if found.digest != copy.digest:
        logger.error("own standard %s: digest %s, published as %s", copy.standard_id, found.digest, copy.digest)
        return False
    return True


def digest_of(files: dict[str, str]) -> str:
    """A mark of all files, cases included: what was seen when cases were run."""
    return sha256(dumps(dict(sorted(files.items()))))

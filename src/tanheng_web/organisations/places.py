"""Provinces, the parts of them and the grids they belong to, for forms and pages."""

from tanheng.rules.grids import grid_parts, grids_of, provinces

__all__ = ["grid_parts", "grids_of", "is_elsewhere", "lacks_part", "place_zh", "provinces"]


def place_zh(province: str, part: str = "") -> str:
    """A province with the name of its part: 内蒙古（蒙东）."""
    called = grid_parts().get(province, {}).get(part, part)
    return f"{province}（{called}）" if called else province


def is_elsewhere(place: tuple[str, str], home: tuple[str, str]) -> bool:
    """Whether a site lies on another grid than its enterprise; without a province it lies where the enterprise does."""
    return bool(place[0]) and place != home and not grids_of(*home) & grids_of(*place)


def lacks_part(place: tuple[str, str], home: tuple[str, str]) -> bool:
    """Whether a site's province has two grids and nobody said which: only the enterprise's own province says it."""
    return place[0] in grid_parts() and not place[1] and not (place[0] == home[0] and home[1])

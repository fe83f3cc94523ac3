"""Run every benchmark in a process of its own, so that one does not warm or bloat the next."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def names() -> list[str]:
    return sorted(path.stem for path in HERE.glob("*.py") if not path.stem.startswith("_") and path.stem != "record")


def main() -> int:
    wanted = sys.argv[1:] or names()
    if unknown := [name for name in wanted if name not in names()]:
        print(f"unknown benchmark: {', '.join(unknown)}; there are {', '.join(names())}", file=sys.stderr)
        return 2
    return max(
        subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], cwd=HERE.parent).returncode for name in wanted
    )


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env bash
# Every test: the suite on SQLite, the web apps again on a PostgreSQL of their own, then the browser.
set -euo pipefail
cd "$(dirname "$0")/.."
.venv/bin/pytest -n 2 -q -m "not browser and not postgresql and not walk"
scripts/with_postgresql.sh .venv/bin/pytest -q -n 2 -m "not browser and not slow" src/tanheng_web \
  tests/security/test_the_same_moment.py tests/security/test_killed.py
.venv/bin/pytest -q -m "browser and not walk"

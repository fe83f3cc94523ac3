#!/usr/bin/env bash
# Renew the two Python locks. Needs uv; run it after a change of pyproject.toml.
set -euo pipefail
cd "$(dirname "$0")/.."
common="--universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet"
uv pip compile $common "$@" --extra report --extra sensitivity --extra web --extra postgresql --group build pyproject.toml -o requirements.lock
uv pip compile $common -c requirements.lock --extra report --extra sensitivity --extra web --extra postgresql --group build --group dev pyproject.toml -o requirements-dev.lock

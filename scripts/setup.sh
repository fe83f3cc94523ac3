#!/usr/bin/env bash
# Set up Tanheng in .venv: Python packages (hash-locked), browser assets from npm (locked), Debian packages where this user may install them.
#   scripts/setup.sh run    what `make demo` needs: Python >= 3.11 and Node >= 20, no root
#   scripts/setup.sh dev    and what `make test` needs on top: Chromium, PostgreSQL, LibreOffice, fonts
# A second run finds its stamps and does nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
mode=${1:-run}
python=${PYTHON:-python3}

say() { printf '\033[32m·\033[0m %s\n' "$*"; }
fail() { printf '\033[31m×\033[0m %s\n' "$*" >&2; exit 1; }

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
  fail "需要 Python 3.11 或更高版本（PYTHON=… make demo 可指定解释器）/ Python >= 3.11 is needed"
node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null ||
  fail "需要 Node.js 20 或更高版本 / Node.js >= 20 is needed"

lock=requirements.lock
[ "$mode" = dev ] && lock=requirements-dev.lock
stamp=.venv/.tanheng-$mode
key=$(cat "$lock" pyproject.toml | sha256sum | cut -d' ' -f1)
if [ "$(cat "$stamp" 2>/dev/null)" != "$key" ]; then
  say "安装 Python 依赖 / installing Python packages ($lock)"
  [ -x .venv/bin/python ] || "$python" -m venv .venv
  .venv/bin/python -m pip install --quiet --require-hashes --requirement "$lock"
  .venv/bin/python -m pip install --quiet --no-deps --no-build-isolation --editable .
  echo "$key" >"$stamp"
fi

key=$(cat package-lock.json src/tanheng_web/assets.py | sha256sum | cut -d' ' -f1)
if [ "$(cat node_modules/.tanheng 2>/dev/null)" != "$key" ]; then
  say "安装浏览器资源 / installing browser assets (package-lock.json)"
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
  .venv/bin/python -m tanheng_web collect_vendor
  echo "$key" >node_modules/.tanheng
fi

# Debian packages: only PDF (fonts, Pango) and the tests need them.
pdf="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk fonts-dejavu-core"
tests="chromium postgresql libreoffice-calc-nogui libreoffice-writer-nogui poppler-utils"
wanted=$pdf
[ "$mode" = dev ] && wanted="$pdf $tests"
missing=""
if command -v dpkg-query >/dev/null; then
  for package in $wanted; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $package"
  done
fi
if [ -n "$missing" ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "安装系统软件包 / installing Debian packages:$missing"
    (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing) >.venv/apt.log 2>&1 ||
      say "系统软件包安装失败，PDF 与相关测试不可用，详见 .venv/apt.log / Debian packages failed, see .venv/apt.log"
  else
    say "以下系统软件包需要管理员安装（仅 PDF 报告与部分测试用到）/ ask an administrator for (only PDF and some tests need them):$missing"
    say "  sudo apt-get install$missing"
  fi
fi

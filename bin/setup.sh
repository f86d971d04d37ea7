# Sourced by demo, portal and test: everything that a fresh machine lacks, and nothing twice.
# `ready runtime|dev` leaves a complete environment in .venv; `python` runs in it, wherever the caller stands.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
VENV=$ROOT/.venv
STAMP=$VENV/.requirements
export PYTHONPATH=$ROOT PYTHONSAFEPATH=1

# what is looked for : the Debian package that brings it
RUNTIME_SYSTEM=(
  lib:libpango-1.0.so.0:libpango-1.0-0
  lib:libpangoft2-1.0.so.0:libpangoft2-1.0-0
  lib:libharfbuzz-subset.so.0:libharfbuzz-subset0
  program:gpg:gpg
)
DEV_SYSTEM=(
  "${RUNTIME_SYSTEM[@]}"
  program:chromium:chromium
  program:javac:default-jdk-headless
  file:/usr/share/java/jaxb-runtime.jar:libjaxb-java
)

stop() { printf '%s\n' "$@" >&2; exit 2; }

is_there() {
  case $1 in
    lib) PATH="$PATH:/sbin:/usr/sbin" ldconfig -p | grep -F "$2" >/dev/null ;;  # not -q: it would end ldconfig early, which pipefail takes for a no
    program) command -v "$2" >/dev/null ;;
    file) [ -e "$2" ] ;;
  esac
}

install_packages() {
  local install="apt-get install -y --no-install-recommends $*"
  if [ "$(id -u)" = 0 ]; then local as=(); elif sudo -n true 2>/dev/null; then local as=(sudo); else
    stop "These system packages are missing. Please run: sudo $install"
  fi
  echo "Installing system packages: $*"
  "${as[@]}" apt-get update -qq && DEBIAN_FRONTEND=noninteractive "${as[@]}" $install -qq >/dev/null ||
    stop "These system packages could not be installed. Please run: sudo $install"
}

system_ready() {
  local missing=() wanted kind name package
  for wanted in "$@"; do
    IFS=: read -r kind name package <<<"$wanted"
    is_there "$kind" "$name" || missing+=("$package")
  done
  [ ${#missing[@]} = 0 ] || install_packages "${missing[@]}"
}

find_python() {
  local candidate
  for candidate in python3.11 python3.12 python3.13 python3; do
    if "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then
      echo "$candidate"
      return
    fi
  done
  stop "Python 3.11 or later is needed. On Debian 12, run: sudo apt-get install -y python3 python3-venv"
}

make_environment() {
  local python
  python=$(find_python) || exit 2
  "$python" -c 'import ensurepip' 2>/dev/null || install_packages python3-venv
  "$python" -m venv "$VENV"
}

packages_ready() {
  local wanted=$ROOT/requirements/$1.txt dev=$ROOT/requirements/dev.txt locked=$ROOT/requirements/setup.txt have
  have=$(cat "$STAMP" 2>/dev/null || true)
  case $have in "$(sum_of "$wanted" "$locked")" | "$(sum_of "$dev" "$locked")") return ;; esac  # dev holds all of runtime
  echo "Installing the locked Python packages (once, about a minute)"
  if [ ! -x "$VENV/bin/uv" ]; then
    make_environment
    "$VENV/bin/python" -m pip install -q --disable-pip-version-check --require-hashes -r "$locked"
  fi
  VIRTUAL_ENV=$VENV "$VENV/bin/uv" pip sync -q --require-hashes "$wanted" "$locked"
  sum_of "$wanted" "$locked" >"$STAMP"
}

sum_of() { cat "$@" | sha256sum | cut -d' ' -f1; }

ready() {
  case $1 in
    runtime) system_ready "${RUNTIME_SYSTEM[@]}" ;;
    dev) system_ready "${DEV_SYSTEM[@]}" ;;
  esac
  packages_ready "$1"
}

#!/bin/sh
# Installs the Debian packages that `make run` or `make test` needs; without root it names them.
set -eu

case "${1:?run, test or bench}" in
    run) wanted="python3-venv" ;;
    test) wanted="python3-venv chromium postgresql poppler-utils qpdf softhsm2" ;;
    bench) wanted="libpangoft2-1.0-0" ;;
    *) echo "usage: deploy/system.sh run|test|bench" >&2; exit 2 ;;
esac

present() {
    case "$1" in
        python3-venv) "${PYTHON:-python3}" -c 'import ensurepip, venv' 2>/dev/null ;;
        chromium) command -v chromium >/dev/null ;;
        postgresql) ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 ;;
        poppler-utils) command -v pdfsig >/dev/null && command -v pdftoppm >/dev/null ;;
        qpdf) command -v qpdf >/dev/null ;;
        softhsm2) command -v softhsm2-util >/dev/null ;;
        libpangoft2-1.0-0) ls /usr/lib/*/libpangoft2-1.0.so.0 >/dev/null 2>&1 ;;
    esac
}

missing=""
for package in $wanted; do
    present "$package" || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    echo "Installing:$missing"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
else
    echo "This needs:$missing" >&2
    echo "Install them first, for example: sudo apt-get install$missing" >&2
    exit 1
fi

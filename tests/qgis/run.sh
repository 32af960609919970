#!/usr/bin/env bash
# Runs the plugin's tests in the system's real QGIS. Arguments are passed on to pytest.
# As root it installs what is missing (Debian, Ubuntu); otherwise it says what to install. Quick when all is there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

readonly MINIMUM_QGIS=3.40
readonly PACKAGES=(qgis python3-qgis python3-venv xvfb xauth fonts-open-sans)
readonly VENV=.venv-qgis

qgis_version() {
    dpkg-query --show --showformat='${Version}' qgis 2>/dev/null || true
}

everything_is_installed() {
    local package
    for package in "${PACKAGES[@]}"; do
        [[ $(dpkg-query --show --showformat='${Status}' "$package" 2>/dev/null) == "install ok installed" ]] || return 1
    done
    dpkg --compare-versions "$(qgis_version)" ge "$MINIMUM_QGIS"
}

# Debian 12 carries an older QGIS; its backports suite has the LTR. Same mirror and keyring as the existing source.
add_bookworm_backports() {
    local source=/etc/apt/sources.list.d/debian.sources target=/etc/apt/sources.list.d/bookworm-backports.sources
    if grep --recursive --quiet 'bookworm-backports' /etc/apt/sources.list*; then return; fi
    if [[ ! -f $source ]]; then
        echo "Debian 12's QGIS is too old and $source is missing; add the suite bookworm-backports yourself." >&2
        exit 1
    fi
    awk '/^#/ {next} /^$/ {if (begun) exit; next} {begun = 1} /^Suites:/ {$0 = "Suites: bookworm-backports"} {print}' \
        "$source" > "$target"
}

install_packages() {
    local suite=() codename
    codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
    if [[ $codename == bookworm ]]; then
        add_bookworm_backports
        suite=(-t bookworm-backports)
    fi
    apt-get update
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${suite[@]}" "${PACKAGES[@]}"
}

require_packages() {
    if everything_is_installed; then return; fi
    if [[ $(id -u) -eq 0 ]]; then install_packages; fi
    if everything_is_installed; then return; fi
    echo "These tests need QGIS $MINIMUM_QGIS or newer (found: $(qgis_version)) and a virtual screen. As root, run" >&2
    echo "    apt-get install --no-install-recommends ${PACKAGES[*]}" >&2
    echo "on Debian 12 with -t bookworm-backports, on Ubuntu before 25.04 with the packages of qgis.org." >&2
    exit 1
}

require_packages

if ! cmp -s constraints/qgis.txt "$VENV/constraints.txt"; then
    /usr/bin/python3 -m venv --clear --system-site-packages "$VENV"
    "$VENV/bin/pip" install --quiet --ignore-installed --no-deps --requirement constraints/qgis.txt
    cp constraints/qgis.txt "$VENV/constraints.txt"
fi

XDG_RUNTIME_DIR=$(mktemp -d)
export XDG_RUNTIME_DIR
trap 'rm -rf "$XDG_RUNTIME_DIR"' EXIT

QT_QPA_PLATFORM=offscreen "$VENV/bin/python" -m pytest tests/qgis -c tests/qgis/pytest.ini --rootdir "$XDG_RUNTIME_DIR" "$@"

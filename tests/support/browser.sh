#!/usr/bin/env bash
# The system's Chromium, for tests in a browser: as root it is installed (Debian, Ubuntu), else this says what is left out,
# and fails where every test is asked for (CI=true).
set -euo pipefail

for name in chromium chromium-browser google-chrome; do
    if command -v "$name" > /dev/null; then exit 0; fi
done
if [[ $(id -u) -eq 0 ]] && command -v apt-get > /dev/null; then
    apt-get update
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium
    exit 0
fi
echo "There is no Chromium, without which tests in a browser are skipped. Install it, for example with: apt-get install chromium" >&2
[[ ${CI:-} != true ]]

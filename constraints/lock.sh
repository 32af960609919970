#!/usr/bin/env bash
# Writes the locks of this folder anew from pyproject.toml. Versions stay as they are where pyproject.toml allows them,
# unless arguments, options of `uv pip compile`, say otherwise. The tool lives in a folder that is removed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly UV=0.13.9
readonly OLDEST_PYTHON=3.11
tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT

"${PYTHON:-python3}" -m venv "$tools"
"$tools/bin/pip" install --quiet --disable-pip-version-check "uv==$UV"

# One version of a package for all systems and all Pythons from the oldest on, as far as packages allow.
compile() {
    "$tools/bin/uv" pip compile --quiet --universal --python-version "$OLDEST_PYTHON" --fork-strategy fewest \
        --no-annotate --custom-compile-command 'make lock' "$@"
}

compile pyproject.toml --extra dev --no-emit-package pip --output-file constraints/dev.txt "$@"
compile pyproject.toml --constraints constraints/dev.txt --generate-hashes --output-file constraints/run.txt
compile - --constraints constraints/dev.txt --generate-hashes --output-file constraints/build.txt <<< setuptools

#!/bin/sh
# Brings tshark, from Debian's packages, and Jenkins' schema of JUnit reports, which the source distribution of pytest carries.
set -eu
cd "$(dirname "$0")/../.."
if ! command -v tshark >/dev/null; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends tshark >/dev/null
    command -v tshark >/dev/null || { echo "tshark is missing and its package did not bring it" >&2; exit 1; }
fi
schema=conformance/.installed/junit-10.xsd
[ -s "$schema" ] && exit 0
mkdir -p conformance/.installed
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" download --quiet --no-deps --no-binary pytest --dest "$folder" pytest==8.4.2
tar -xzf "$folder"/pytest-8.4.2.tar.gz -C "$folder"
cp "$folder/pytest-8.4.2/testing/example_scripts/junit-10.xsd" "$schema"

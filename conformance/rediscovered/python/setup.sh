#!/bin/sh
# Puts each release into a folder of its own below conformance/.installed/rediscovered/python, Twisted's as it is in its
# source distribution: its setup.py is older than the Pythons of today.
set -eu
into=$(cd "$(dirname "$0")/../.." && pwd)/.installed/rediscovered/python
rm -rf "$into"
mkdir -p "$into"
cd "$into"
pip() { python3 -m pip --disable-pip-version-check --quiet "$@" --root-user-action=ignore; }
for release in msgpack-0.5.5 msgpack-0.5.6 pymodbus-3.6.1 pymodbus-3.6.3 pymodbus-3.6.6; do
    pip install --no-deps --target "$release" "${release%-*}==${release##*-}"
done
pip install --no-warn-conflicts --target twisted-needs attrs==23.1.0 Automat==22.10.0 constantly==15.1.0 hyperlink==21.0.0 \
    idna==3.10 incremental==17.5.0 six==1.16.0 zope.interface==6.2
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check incremental==17.5.0 setuptools==65.5.1 wheel==0.38.4
for version in 17.9.0 18.4.0; do
    venv/bin/pip download --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-binary :all: "Twisted==$version"
    mkdir "twisted-$version"
    tar -xjf "Twisted-$version.tar.bz2" -C "twisted-$version" --strip-components=2 "Twisted-$version/src/twisted"
    rm "Twisted-$version.tar.bz2"
done
rm -rf venv

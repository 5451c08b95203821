#!/usr/bin/env bash
# peers/tfjs-native.sh FOLDER: installs edgesweep there, as a user has it, with @tensorflow/tfjs-node on the TensorFlow of PyPI's wheel.
#
# The package's own installation downloads libtensorflow from a server of its own. The wheel has the same C interface in two libraries, with
# its headers. The addon is compiled from the sources in the npm package. Linux on x64 only; needs python3 with venv, and g++.
set -euo pipefail
cd "$(dirname "$0")/.."
TFJS=4.22.0
TENSORFLOW=2.15.1

[ "$(uname -sm)" = 'Linux x86_64' ] || { echo "tfjs-native: this is for Linux on x64" >&2; exit 1; }
mkdir -p "$1"
folder=$(realpath "$1")

if [ ! -e "$folder/wheel/tensorflow/libtensorflow_cc.so.2" ]; then
  python3 -m venv "$folder/pip"
  # for one version of Python, whichever is here: nothing of it is run
  "$folder/pip/bin/python3" -m pip install --quiet --disable-pip-version-check --no-deps --no-compile --upgrade --target "$folder/wheel" \
    --only-binary=:all: --python-version 3.11 --platform manylinux_2_17_x86_64 "tensorflow-cpu==$TENSORFLOW"
fi
libraries="$folder/wheel/tensorflow"

npm pack --ignore-scripts --silent --pack-destination "$folder" > /dev/null
echo '{"private": true}' > "$folder/package.json"
npm install --prefix "$folder" --ignore-scripts --no-audit --no-fund --loglevel=error "$folder"/edgesweep-*.tgz \
  "@tensorflow/tfjs-core@$TFJS" "@tensorflow/tfjs-layers@$TFJS" "@tensorflow/tfjs-backend-wasm@$TFJS" "@tensorflow/tfjs-node@$TFJS"

package="$folder/node_modules/@tensorflow/tfjs-node"
addon=$(cd "$package" && node -p 'require("@mapbox/node-pre-gyp").find(require.resolve("./package.json"))')
mkdir -p "$(dirname "$addon")"
g++ -std=c++17 -O2 -shared -fPIC -DNAPI_VERSION=8 -o "$addon" "$package"/binding/*.cc \
  -I node_modules/node-api-headers/include -I "$libraries/include" -L "$libraries" -l:libtensorflow_cc.so.2 -l:libtensorflow_framework.so.2 \
  -Wl,-rpath,"$libraries"

"$folder/node_modules/.bin/edgesweep" doctor | grep 'engine tfjs'

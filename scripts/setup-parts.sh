#!/usr/bin/env bash
# Installs the real parts that the tests talk to (S3 servers, clients, browsers, Redis) from Debian's
# own packages, and the runtimes that Debian has not from npm. Run it again at any time: what is
# already there is left alone. No service is started: the tests start each part themselves, on loopback.
#
#   npm run setup:parts
set -euo pipefail

# One part a line: its name, then its packages; the first package gives the version that is printed.
parts='
radosgw    radosgw ceph-mon ceph-osd ceph-common
swift      swift-proxy swift-account swift-container swift-object python3-swift memcached
redis      redis-server
nginx      nginx-light
chromium   chromium
firefox    firefox-esr
webkit     webkit2gtk-driver xvfb xauth
curl       curl
awscli     awscli
boto3      python3-boto3
s3cmd      s3cmd
rclone     rclone
minio-go   golang-go golang-github-minio-minio-go-v7-dev
openssl    openssl
bash       bash
zsh        zsh
fish       fish
'

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  echo "setup-parts: this script installs Debian packages, and apt-get is not here." >&2
  echo "The tests skip every part that is missing, and say so." >&2
  exit 1
fi

sudo=()
if [ "$(id -u)" != 0 ]; then sudo=(sudo); fi

installed_version() { # of a package; fails when it is not installed
  local status version
  read -r status version < <(dpkg-query -W -f '${db:Status-Status} ${Version}\n' "$1" 2>/dev/null) &&
    [ "$status" = installed ] && echo "$version"
}

missing_packages() {
  local name packages package
  while read -r name packages; do
    for package in $packages; do
      installed_version "$package" >/dev/null || echo "$package"
    done
  done <<<"$parts"
}

# Debian starts a service as soon as its package is installed, unless this file answers 101.
policy=/usr/sbin/policy-rc.d
saved=$policy.countersign-saved # still there when an earlier run was killed: then that is the original

forbid_service_starts() {
  if [ -e "$policy" ] && ! [ -e "$saved" ]; then "${sudo[@]}" mv "$policy" "$saved"; fi
  trap restore_service_starts EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
  printf '#!/bin/sh\nexit 101\n' | "${sudo[@]}" tee "$policy" >/dev/null
  "${sudo[@]}" chmod 755 "$policy"
}

restore_service_starts() {
  "${sudo[@]}" rm -f "$policy"
  if [ -e "$saved" ]; then "${sudo[@]}" mv -f "$saved" "$policy"; fi
}

apt() {
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=600 "$@" </dev/null
}

mapfile -t missing < <(missing_packages)
if [ "${#missing[@]}" -gt 0 ]; then
  # One run at a time, or two would restore each other's policy-rc.d.
  exec 9</usr/sbin
  flock 9
  mapfile -t missing < <(missing_packages)
fi
if [ "${#missing[@]}" -gt 0 ]; then
  echo "setup-parts: installing ${missing[*]}"
  log=$(mktemp)
  forbid_service_starts
  if ! { apt update && apt install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    echo "setup-parts: the install failed; its whole log: $log" >&2
    exit 1
  fi
  rm -f "$log"
fi

while read -r name packages; do
  [ -n "$name" ] || continue
  printf '%-10s %s\n' "$name" "$(installed_version "${packages%% *}")"
done <<<"$parts"

# The runtimes, AWS's endpoint rules and other versions of test runners, as npm has them, in the versions
# of scripts/runtimes, scripts/endpoints and scripts/runners: outside of the project, which stays quick to
# install. No script of theirs is run. Two versions of one runner want different peers: neither gets its own.
for kind in runtimes endpoints runners; do
  source=$(cd "$(dirname "$0")/$kind" && pwd)
  target=$HOME/.cache/countersign/$kind
  mkdir -p "$target"
  exec 8<"$target"
  flock 8
  if ! cmp -s "$source/package-lock.json" "$target/installed-lock.json"; then
    echo "setup-parts: installing what scripts/$kind names"
    cp "$source/package.json" "$source/package-lock.json" "$target/"
    npm ci --prefix "$target" --ignore-scripts --legacy-peer-deps --no-audit --no-fund --loglevel=error
    cp "$source/package-lock.json" "$target/installed-lock.json"
  fi
  node -e '
    for (const [name, version] of Object.entries(require(process.argv[1]).dependencies))
      console.log(name.padEnd(29), version)
  ' "$source/package.json"
done

#!/usr/bin/env bash
# stop.sh DIR: ends what a start script started in DIR, and returns when it has ended. DIR stays, for its logs.
set -u

dir=$(realpath -m "$1")

alive() { # a pid that still belongs to a command line that names DIR (a number can be used again)
  [ -r "/proc/$1/cmdline" ] && tr '\0' '\n' <"/proc/$1/cmdline" 2>/dev/null | grep -qF -- "$dir/"
}

pids=()
for file in "$dir"/pids/*; do
  [ -f "$file" ] || continue
  pid=$(cat "$file")
  if alive "$pid"; then pids+=("$pid"); fi
done

signal() {
  local pid
  for pid in "${pids[@]}"; do
    if alive "$pid"; then kill "-$1" "$pid" 2>/dev/null; fi
  done
}

ended() {
  local pid
  for pid in "${pids[@]}"; do
    if alive "$pid"; then return 1; fi
  done
}

# The data is thrown away, so there is nothing to wait for but the end itself.
signal TERM
for _ in $(seq 5); do
  ended && exit 0
  sleep 0.1
done
signal KILL
for _ in $(seq 50); do
  ended && exit 0
  sleep 0.1
done
echo "stop: still running: ${pids[*]}" >&2
exit 1

# For the start scripts to source, with the part's folder in `dir`, which it makes anew: it has log/
# and pids/, and `stop.sh DIR` ends what `start` has started there.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

"$here/stop.sh" "$dir"
rm -rf "$dir"
mkdir -p "$dir"/{log,pids}

fail() {
  echo "$(basename "$0" .sh): $1" >&2
  "$here/stop.sh" "$dir"
  exit 1
}
trap 'fail "line $LINENO: $BASH_COMMAND"' ERR

start() { # NAME COMMAND...: in the background, its output in log/NAME.out
  local name=$1
  shift
  "$@" >"$dir/log/$name.out" 2>&1 </dev/null &
  echo $! >"$dir/pids/$name"
}

running() { kill -0 "$(cat "$dir/pids/$1")" 2>/dev/null; }

# shellcheck shell=bash
# Sourced by other scripts: how they say what they do.

say() { printf 'needledrop: %s\n' "$*" >&2; }

# watched LABEL COMMAND...: runs a command that takes minutes. On a terminal its own output shows how far it is; else
# a line a minute says that it still runs, and its output is shown only if it fails.
watched() {
  local label=$1 log pid began=$SECONDS said=$SECONDS code=0
  shift
  say "$label"
  if [ -t 2 ]; then
    "$@" >&2
    return
  fi
  log=$(mktemp)
  "$@" >"$log" 2>&1 &
  pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    sleep 0.2
    if [ $((SECONDS - said)) -ge 60 ]; then
      said=$SECONDS
      say "$label: $(((said - began) / 60)) min so far"
    fi
  done
  wait "$pid" || code=$?
  [ $code = 0 ] || cat "$log" >&2
  rm -f "$log"
  return $code
}

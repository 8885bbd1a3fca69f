# shellcheck shell=bash
# Sourced by the gates: runs named stages one after the other, times them and sums them up.
#
#   stage NAME COMMAND...       runs it and goes on, whatever comes out
#   tests NAME COMMAND...       the same for a test runner, which fails when it ran no test
#   required NAME COMMAND...    the same, but nothing that follows makes sense without it
#   summary                     prints what ran; its last line is "N passed, N failed"
#
# Tests are counted from what the runners print (scripts/count-tests). A stage that fails without naming
# a failed test counts as one failure, so that "0 failed" is never said of a red run. What failed is said
# once more at the end, where it is found first.

# Tests make their own databases. A shell that is prepared for a real server is no place to run them.
if prepared=$(compgen -A variable SCOREHOLD__); then
  echo "Tests do not start in a shell with settings of a server. Run: unset ${prepared//$'\n'/ }" >&2
  exit 78
fi

set -o pipefail # a stage ends as its command does, not as tee

logs=.cache/logs
rm -rf "$logs"
mkdir -p "$logs"
report=()
failures=()
passed_total=0
failed_total=0

stage() {
  local name=$1 log started seconds passed failed code=0 result=ok tests=
  shift
  log=$logs/$(printf '%02d' ${#report[@]})-${name//[^a-zA-Z0-9]/-}.log
  printf '\n━━ %s\n' "$name"
  started=$EPOCHREALTIME
  "$@" </dev/null 2>&1 | tee "$log" || code=$?
  seconds=$(awk -v from="$started" -v to="$EPOCHREALTIME" 'BEGIN { printf "%.1f", to - from }')
  read -r passed failed < <(scripts/count-tests "$log")
  [ "$code" = 0 ] || [ "$failed" != 0 ] || failed=1
  [ -z "${must_count-}" ] || [ "$((passed + failed))" != 0 ] || failed=1
  [ "$failed" = 0 ] || { result=FAILED; failures+=("$name:" "$(what_failed "$log")"); }
  [ "$passed" = 0 ] || tests="$passed tests"
  passed_total=$((passed_total + passed))
  failed_total=$((failed_total + failed))
  report+=("$(printf '%-46s %7s s  %-7s %s' "$name" "$seconds" "$result" "$tests")")
  printf '━━ %s: %s, %s s\n' "$name" "$result" "$seconds"
}

# The lines that name a failure, as the runners write them; of a log without any, its end.
what_failed() {
  local lines
  lines=$(grep -E 'FAILED|^ +[0-9]+\) |panicked at|^Error' "$1" -A 1 | tail -n 6) || lines=$(tail -n 4 "$1")
  cut -c 1-300 <<<"$lines"
}

tests() { must_count=1 stage "$@"; }

required() {
  local before=$failed_total
  stage "$@"
  [ "$failed_total" = "$before" ] || { summary; exit 1; }
}

summary() {
  printf '\n━━ summary (logs in %s)\n' "$logs"
  printf '%s\n' "${report[@]}"
  printf '%-46s %7s s\n\n' total "$SECONDS"
  [ ${#failures[@]} = 0 ] || printf '%s\n' "${failures[@]}" ''
  echo "$passed_total passed, $failed_total failed"
  [ "$failed_total" = 0 ]
}

# ./discourse test [PROJECT...]: builds everything, runs every test project (or those named, such as Pebble.Tests),
# and ends with one line of totals. Exits non-zero if a test failed, a project broke, or nothing ran.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
need_dotnet
need postgres redis-server nginx prometheus bwrap chromium ip curl openssl xz promtool pkill npm newuidmap

say "Building all projects"
dotnet build CharmedDiscourse.slnx --configuration Release -verbosity:quiet -nodeReuse:false || die "the build failed"
bash scripts/build.sh
[ -f scripts/pack.sh ] && bash scripts/pack.sh

if [ $# -gt 0 ]; then
    projects=("$@")
else
    projects=()
    for file in tests/*/*.Tests.csproj tests/EndToEnd/EndToEnd.csproj; do
        [ -f "$file" ] && projects+=("$(basename "$file" .csproj)")
    done
fi

passed=0 failed=0 skipped=0
output=$(mktemp)
trap 'rm -f "$output"' EXIT
for project in "${projects[@]}"; do
    say "Testing $project"
    program=artifacts/bin/$project/release/$project
    [ -x "$program" ] || die "unknown test project \"$project\""
    # A test project gets 15 minutes; then it is asked to stop, so that its servers are gone too.
    status=0
    timeout --signal=TERM --kill-after=30 900 "$program" -noLogo -noColor 2>&1 </dev/null | tee "$output" || status=$?
    summary=$(grep -E 'Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+, Skipped: [0-9]+' "$output" | tail -n 1 || true)
    if [ -z "$summary" ]; then
        say "$project ended without a summary (exit code $status)"
        failed=$((failed + 1))
        continue
    fi
    [[ $summary =~ Total:\ ([0-9]+),\ Errors:\ ([0-9]+),\ Failed:\ ([0-9]+),\ Skipped:\ ([0-9]+) ]]
    broken=$((BASH_REMATCH[2] + BASH_REMATCH[3]))
    failed=$((failed + broken))
    skipped=$((skipped + BASH_REMATCH[4]))
    passed=$((passed + BASH_REMATCH[1] - BASH_REMATCH[3] - BASH_REMATCH[4]))
    [ $broken -eq 0 ] && [ $status -ne 0 ] && say "$project exited with code $status" && failed=$((failed + 1))
done

if [ $skipped -gt 0 ]; then
    echo "$passed passed, $failed failed, $skipped skipped"
else
    echo "$passed passed, $failed failed"
fi
[ $failed -eq 0 ] && [ $passed -gt 0 ]

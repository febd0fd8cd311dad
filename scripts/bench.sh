# ./discourse bench [NAME...] [-- ARGUMENT...]: runs the benchmarks in bench/, each a folder with a "run" of its own that
# prints a table with ratios, and "needs": the programs that are built for it. Without names: all of them.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
need_dotnet

names=() arguments=()
while [ $# -gt 0 ]; do
    if [ "$1" = -- ]; then
        shift
        arguments=("$@")
        break
    fi
    names+=("$1")
    shift
done
if [ ${#names[@]} -eq 0 ]; then
    for folder in bench/*/; do
        [ -x "$folder/run" ] && names+=("$(basename "$folder")")
    done
fi

for name in "${names[@]}"; do
    [ -x "bench/$name/run" ] || die "unknown benchmark \"$name\"; see bench/"
done
for name in "${names[@]}"; do
    # shellcheck disable=SC2046
    bash scripts/build.sh $(cat "bench/$name/needs") >&2
    say "Benchmark $name"
    "bench/$name/run" ${arguments[@]+"${arguments[@]}"}
done

# ./discourse build [PROGRAM...]: publishes each program into out/, only if something it is made of has changed.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
need_dotnet

# publish PROJECT FOLDER: the project's program into FOLDER.
publish() {
    local project=$1 folder=$2
    say "Building $(basename "$project" .csproj)"
    dotnet publish "$project" --configuration Release --output "$folder" -verbosity:quiet -nodeReuse:false ||
        die "cannot build $project"
}

declare -A programs=(
    [pebble]=src/Pebble/Pebble.csproj
    [juju-local]=src/Juju.Local/Juju.Local.csproj
)

wanted=("$@")
[ ${#wanted[@]} -gt 0 ] || wanted=(pebble juju-local)
for name in "${wanted[@]}"; do
    [ -n "${programs[$name]:-}" ] || die "unknown program \"$name\"; one of: ${!programs[*]}"
    publish "${programs[$name]}" out/bin
done

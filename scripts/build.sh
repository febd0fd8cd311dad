# ./discourse build [PROGRAM...]: publishes the programs into out/, those whose sources have changed.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
need_dotnet

# publish NAME PROJECT SOURCE...: the program of PROJECT into out/bin/NAME, unless nothing below the SOURCEs is newer.
publish() {
    local name=$1 project=$2
    shift 2
    stale "out/bin/$name" "$@" || return 0
    say "Building $name"
    # Built aside and moved: an interrupted build leaves the old program, and one that runs keeps the file it was started from.
    local new=out/new/$name
    rm -rf "$new"
    dotnet publish "$project" --configuration Release --output "$new" -verbosity:quiet -nodeReuse:false ||
        die "cannot build $project"
    mkdir -p out/bin
    touch "$new/$name"
    find "$new" -maxdepth 1 -type f ! -name '*.xml' ! -name "$name" -exec mv -f {} out/bin/ \;
    mv -f "$new/$name" "out/bin/$name"
    rm -rf "$new"
}

wanted=("$@")
[ ${#wanted[@]} -gt 0 ] || wanted=(pebble juju-local rock)
for name in "${wanted[@]}"; do
    case $name in
        pebble) publish pebble src/Pebble/Pebble.csproj src/Pebble src/Pebble.Client ;;
        juju-local) publish juju-local src/Juju.Local/Juju.Local.csproj src/Juju.Local ;;
        rock) bash scripts/rock.sh ;;
        *) die "unknown program \"$name\"; one of: pebble juju-local rock" ;;
    esac
done

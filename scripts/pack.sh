# ./discourse pack [CHARM...]: builds out/charms/NAME.charm of every folder of charms/ that has a project, only if something
# it is made of has changed. The layout is charmcraft's: metadata, config, actions, manifest, dispatch, dashboards and rules.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
need_dotnet
need zip

# section KEY FILE: the block below a top-level key, without its indentation.
section() {
    awk -v key="$1:" '
        /^[^ #]/ { inside = ($1 == key); next }
        inside { if (indent == "" && match($0, /^ +/)) indent = RLENGTH; print substr($0, indent + 1) }
    ' "$2"
}

# metadata FILE: the keys of charmcraft.yaml that belong into metadata.yaml; links and title under their older names.
metadata() {
    awk '
        /^[^ #]/ { keep = ($1 !~ /^(type|title|links|base|build-base|bases|platforms|parts|config|actions|charm-libs|analysis|charmhub):$/) }
        keep { print }
        $1 == "title:" && /^title:/ { sub(/^title:/, "display-name:"); print }
    ' "$1"
    section links "$1" | sed -n 's/^documentation:/docs:/p; /^source:/p; /^issues:/p; /^website:/p'
}

# manifest FILE: what the charm was built for, of `base` and `platforms`.
manifest() {
    local base architecture
    base=$(awk '/^base:/ { print $2 }' "$1")
    [[ $base == *@* ]] || die "$1 names no base such as ubuntu@22.04"
    architecture=$(dpkg --print-architecture 2>/dev/null || echo amd64)
    cat <<YAML
charmcraft-version: 3.0.0
bases:
- name: ${base%@*}
  channel: "${base#*@}"
  architectures: [$architecture]
YAML
}

pack() {
    local name=$1 folder=out/charms/$1 archive=out/charms/$1.charm source=charms/$1
    stale "$archive" "$source" charms/Directory.Build.props src/Ops src/Ops.Relations src/Ops.Generators src/Pebble.Client \
        scripts/pack.sh || return 0
    say "Packing $name"
    rm -rf "$folder"
    mkdir -p "$folder"
    dotnet publish "$source" --configuration Release --output "$folder/publish" -verbosity:quiet -nodeReuse:false ||
        die "cannot build the charm $name"
    mv "$folder/publish/$(basename "$source"/*.csproj .csproj)" "$folder/dispatch"
    rm -rf "$folder/publish"
    chmod 755 "$folder/dispatch"

    metadata "$source/charmcraft.yaml" >"$folder/metadata.yaml"
    section config "$source/charmcraft.yaml" >"$folder/config.yaml"
    section actions "$source/charmcraft.yaml" >"$folder/actions.yaml"
    [ -s "$folder/config.yaml" ] || rm "$folder/config.yaml"
    [ -s "$folder/actions.yaml" ] || rm "$folder/actions.yaml"
    manifest "$source/charmcraft.yaml" >"$folder/manifest.yaml"
    cp LICENSE "$folder/LICENSE"
    local extra
    for extra in src/grafana_dashboards src/prometheus_alert_rules src/loki_alert_rules; do
        [ -d "$source/$extra" ] && mkdir -p "$folder/src" && cp -r "$source/$extra" "$folder/src/"
    done
    for extra in icon.svg README.md; do
        [ -f "$source/$extra" ] && cp "$source/$extra" "$folder/"
    done

    # Written beside and moved, so that an interrupted run leaves no half archive behind.
    rm -f "$archive.new.zip"
    (cd "$folder" && zip -q -r -X "../$name.charm.new.zip" .)
    mv "$archive.new.zip" "$archive"
}

mkdir -p out/charms
wanted=("$@")
if [ ${#wanted[@]} -eq 0 ]; then
    for project in charms/*/*.csproj; do
        [ -f "$project" ] && wanted+=("$(basename "$(dirname "$project")")")
    done
fi
for name in "${wanted[@]}"; do
    compgen -G "charms/$name/*.csproj" >/dev/null || die "no charm \"$name\" in charms/"
    pack "$name"
done

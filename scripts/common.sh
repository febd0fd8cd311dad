# Sourced by the commands in this folder: messages, system packages, and building.
set -euo pipefail
: "${DISCOURSE_ROOT:=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)}"
cd "$DISCOURSE_ROOT"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

say() { printf '%s\n' "$*" >&2; }
die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# The Debian package that brings each program this project runs.
declare -A package_of=(
    [postgres]=postgresql [redis-server]=redis-server [nginx]=nginx [prometheus]=prometheus
    [bwrap]=bubblewrap [chromium]=chromium [ip]=iproute2 [curl]=curl [wrk]=wrk [openssl]=openssl [xz]=xz-utils [promtool]=prometheus [pkill]=procps [newuidmap]=uidmap
)

has_program() {
    case $1 in
        postgres) compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null ;;
        *) PATH=$PATH:/usr/sbin:/sbin command -v "$1" >/dev/null ;;
    esac
}

# need PROGRAM...: installs the packages of programs that are missing, as root or through sudo; otherwise says which.
need() {
    local program missing=() sudo=()
    for program in "$@"; do
        has_program "$program" || missing+=("${package_of[$program]:-$program}")
    done
    [ ${#missing[@]} -eq 0 ] && return
    command -v apt-get >/dev/null || die "these Debian packages are missing: ${missing[*]}; install them and try again"
    if [ "$(id -u)" -ne 0 ]; then
        if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
            sudo=(sudo -n)
        else
            die "these packages are missing: ${missing[*]}; run: sudo apt-get install ${missing[*]}"
        fi
    fi
    say "Installing ${missing[*]}"
    install_packages "${missing[@]}"
}

# The servers are run by this project, each with its own configuration: Debian must not start one of its own at install.
install_packages() {
    local policy=/usr/sbin/policy-rc.d made=false status=0 log
    log=$(mktemp)
    if [ ! -e $policy ]; then
        printf '#!/bin/sh\nexit 101\n' | "${sudo[@]}" tee $policy >/dev/null
        "${sudo[@]}" chmod 755 $policy
        made=true
    fi
    {
        "${sudo[@]}" apt-get update -qq &&
            "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
    } </dev/null >"$log" 2>&1 || status=$?
    $made && "${sudo[@]}" rm -f $policy
    if [ $status -ne 0 ]; then
        tail -n 20 "$log" >&2
        rm -f "$log"
        die "apt-get could not install: $*"
    fi
    rm -f "$log"
}

need_dotnet() {
    command -v dotnet >/dev/null || die "the .NET 10 SDK is missing; install dotnet-sdk-10.0 (https://dotnet.microsoft.com/download)"
    case $(dotnet --version 2>/dev/null) in
        10.*) ;;
        *) die "the .NET 10 SDK is missing; found: $(dotnet --version 2>&1 | head -n 1)" ;;
    esac
}

# stale OUTPUT SOURCE...: whether OUTPUT is missing, or a file under a SOURCE (or the shared build settings) is newer.
stale() {
    local output=$1
    shift
    [ -e "$output" ] || return 0
    [ -n "$(find "$@" Directory.*.props Directory.*.targets global.json -type f -newer "$output" -print -quit)" ]
}

# Sourced by up, down and status: the local model of bundle.yaml.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

model=${DISCOURSE_MODEL:-forum}
juju=$DISCOURSE_ROOT/out/bin/juju-local
ingress=nginx-ingress-integrator
# Where nginx takes connections that begin with the PROXY protocol, which tells it each client's address.
ingress_proxy_port=8079
# Where a built-in neighbour's Charmhub name is looked up.
export JUJU_LOCAL_CHARMS=${JUJU_LOCAL_CHARMS:-$DISCOURSE_ROOT/out/charms}

model_exists() { "$juju" show-model "$model" >/dev/null 2>&1; }

# units: a line for each unit: NAME ADDRESS AGENT WORKLOAD MESSAGE...
units() {
    "$juju" status --model "$model" --format short |
        sed -nE 's/^- ([^:]+): ([^ ]*) \(agent:([a-z-]+), workload:([a-z-]+)\) ?(.*)$/\1 \2 \3 \4 \5/p'
}

# wait_until_settled SECONDS: shows each unit's status as it changes; succeeds once all are active and idle.
wait_until_settled() {
    local begin=$SECONDS deadline=$((SECONDS + $1)) lines line settled drawn=0
    local -A shown=()
    while [ $SECONDS -lt "$deadline" ]; do
        mapfile -t lines < <(units)
        settled=true
        for line in "${lines[@]}"; do
            read -r _ _ agent workload _ <<<"$line"
            [ "$agent/$workload" = idle/active ] || settled=false
        done
        if [ -t 2 ] && [ "${TERM:-dumb}" != dumb ]; then
            draw_units "$drawn" "${lines[@]}" >&2
            drawn=${#lines[@]}
        else
            tell_changes "${lines[@]}" >&2
        fi
        for line in "${lines[@]}"; do
            read -r name _ agent _ <<<"$line"
            [ "$agent" != error ] || die "the agent of $name cannot go on: $(last_error)"
        done
        $settled && [ ${#lines[@]} -gt 0 ] && return
        sleep 0.3
    done
    die "the model has not settled after $1 s; $(last_error); see: ./discourse status, out/bin/juju-local debug-log --model $model --replay"
}

# tell_changes LINE...: without a terminal, a line for each unit whose status is another than before.
tell_changes() {
    local line name agent workload message said
    for line in "$@"; do
        read -r name _ agent workload message <<<"$line"
        said="$workload, $agent${message:+: $message}"
        [ "${shown[$name]:-}" = "$said" ] && continue
        shown[$name]=$said
        printf '  %3ds  %-28s %s\n' $((SECONDS - begin)) "$name" "$said"
    done
}

# draw_units BEFORE LINE...: on a terminal, all units, drawn over the BEFORE lines that are there.
draw_units() {
    local before=$1 line name agent workload message mark color reset='' width
    shift
    # Asked each time: a person may make the window narrower meanwhile, and a line that wraps could not be drawn over.
    read -r _ width < <(stty size </dev/tty 2>/dev/null || echo 24 80)
    [ "$width" -gt 46 ] || width=80
    [ "$before" -eq 0 ] || printf '\e[%dA' "$before"
    for line in "$@"; do
        read -r name _ agent workload message <<<"$line"
        case $agent/$workload in
            idle/active) mark=✔ color=32 ;;
            error/* | */error | */blocked) mark=✘ color=31 ;;
            *) mark=… color=33 ;;
        esac
        [ "$agent" = idle ] || message="($agent) $message"
        if [ -z "${NO_COLOR:-}" ]; then color="\e[${color}m" reset='\e[0m'; else color=''; fi
        printf "\r\e[2K $color%s$reset %-28s $color%-12s$reset %.*s\n" "$mark" "$name" "$workload" $((width - 46)) "$message"
    done
}

last_error() {
    "$juju" debug-log --model "$model" --replay --no-tail --level ERROR 2>/dev/null | tail -n 1 | cut -d ' ' -f 4-
}

address_of() { units | awk -v unit="$1" '$1 == unit { print $2 }'; }

# The port at which nginx takes http.
ingress_port() { "$juju" config --model "$model" $ingress http-port 2>/dev/null || echo 80; }

url() { if [ "$2" = 80 ]; then echo "http://$1/"; else echo "http://$1:$2/"; fi; }

# An address of this machine that others can reach, as far as it can tell.
machine_address() {
    ip -4 -o addr show scope global 2>/dev/null | awk '$2 !~ /^jl-/ { sub("/.*", "", $4); print $4; exit }'
}

# published: ADDRESS PORT of each port of this machine that leads to the ingress.
published() {
    "$juju" show-application --model "$model" $ingress 2>/dev/null |
        sed -nE 's/^ *- "?([0-9a-f.:]+):([0-9]+):[0-9]+(\/proxy)?"?$/\1 \2/p'
}

print_addresses() {
    local forum metrics address port
    forum=$(address_of $ingress/0)
    metrics=$(address_of prometheus-k8s/0)
    printf '\nThe forum:     %s\n' "$(url "$forum" "$(ingress_port)")"
    while read -r address port; do
        [ "$address" != 0.0.0.0 ] || address=$(machine_address)
        printf '  published:   %s\n' "$(url "${address:-127.0.0.1}" "$port")"
    done < <(published)
    cat <<EOF
Make an admin: out/bin/juju-local run --model $model discourse-k8s/0 add-admin-user email=you@example.com password=...
Metrics:       http://$metrics:9090/
Logs:          out/bin/juju-local debug-log --model $model
Status:        ./discourse status
EOF
    [ -n "$(published)" ] || echo 'Other machines: ./discourse up --publish 8000 makes it reachable at port 8000 of this machine'
}

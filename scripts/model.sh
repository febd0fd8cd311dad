# Sourced by up, down and status: the local model of bundle.yaml.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

model=${DISCOURSE_MODEL:-forum}
juju=$DISCOURSE_ROOT/out/bin/juju-local
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
    local deadline=$((SECONDS + $1)) name address agent workload message line settled
    local -A shown=()
    while [ $SECONDS -lt "$deadline" ]; do
        settled=true
        while read -r name address agent workload message; do
            [ "$agent/$workload" = idle/active ] || settled=false
            line="$workload, $agent${message:+: $message}"
            if [ "${shown[$name]:-}" != "$line" ]; then
                printf '  %3ds  %-28s %s\n' $SECONDS "$name" "$line" >&2
                shown[$name]=$line
            fi
            [ "$agent" != error ] || die "the hook of $name failed; see: out/bin/juju-local debug-log --model $model --replay"
        done < <(units)
        $settled && [ ${#shown[@]} -gt 0 ] && return
        sleep 0.3
    done
    die "the model has not settled after $1 s; see: ./discourse status"
}

address_of() { units | awk -v unit="$1" '$1 == unit { print $2 }'; }

print_addresses() {
    local ingress metrics
    ingress=$(address_of nginx-ingress-integrator/0)
    metrics=$(address_of prometheus-k8s/0)
    cat <<EOF

The forum:    http://$ingress/
Make an admin: out/bin/juju-local run discourse-k8s/0 add-admin-user email=you@example.com password=...
Metrics:      http://$metrics:9090/
Logs:         out/bin/juju-local debug-log --model $model
Status:       ./discourse status
EOF
}

# ./discourse up [--publish [ADDRESS:]PORT]: builds what is stale, deploys bundle.yaml on this machine, waits until it has
# settled. Run again it does what is left to do; stopped at any moment and run again it goes on.
source "$(dirname "${BASH_SOURCE[0]}")/model.sh"

# keep_units: a bundle makes an application as large as it says. What a person scaled up stays so: an overlay says the same.
keep_units() {
    local application wanted count
    while read -r application wanted; do
        count=$(units | grep -c "^$application/") || true
        [ "$count" -gt "$wanted" ] || continue
        say "$application keeps its $count units (bundle.yaml says $wanted; out/bin/juju-local scale-application $application $wanted removes the others)"
        printf 'applications: {%s: {scale: %d}}\n' "$application" "$count" >"out/scale-$application.yaml"
        overlay+=(--overlay "out/scale-$application.yaml")
    done < <("$juju" deploy --dry-run --model "$model" --trust ./bundle.yaml "${overlay[@]}" 2>/dev/null | awk '/^- scale / { print $3, $5 }')
}

publish=
while [ $# -gt 0 ]; do
    case $1 in
        --publish) publish=${2:-} && shift ;;
        --publish=*) publish=${1#*=} ;;
        *) die "unknown option \"$1\"; usage: ./discourse up [--publish [ADDRESS:]PORT]" ;;
    esac
    [ -n "$publish" ] || die "--publish needs a port, such as 8080 or 192.0.2.7:8080"
    shift
done

trap 'trap - INT TERM; printf "\n" >&2; die "stopped; ./discourse up goes on from here"' INT TERM

need_dotnet
need postgres redis-server nginx prometheus bwrap ip curl openssl
[ "$(id -u)" -eq 0 ] || need newuidmap
bash scripts/build.sh
bash scripts/pack.sh

# A controller of an older build makes room for the new one; workloads keep running meanwhile.
controller=$("$juju" show-controller | awk '$1 == "process-id:" { print $2 }')
[ "/proc/$controller/exe" -ef "$juju" ] || "$juju" stop-controller

overlay=()
if [ "$(id -u)" -ne 0 ]; then
    # Only root may listen below port 1024.
    printf 'applications: {%s: {options: {http-port: 8080, https-port: 8443}}}\n' $ingress >out/ordinary-user.yaml
    overlay=(--overlay out/ordinary-user.yaml)
fi

if ! model_exists; then
    if [ "$(id -u)" -ne 0 ]; then
        # All units share the machine's network then.
        for port in 8080 8443 $ingress_proxy_port 3000 9394 5432 6379 9090; do
            ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null ||
                die "port $port is in use on this machine, and the model needs it: end what listens there (ss -ltnp shows it), or run ./discourse up as root, which gives every unit an address of its own"
        done
    fi
    "$juju" add-model "$model" >/dev/null
fi
keep_units
"$juju" deploy --model "$model" --trust ./bundle.yaml "${overlay[@]}"
if [ -n "$publish" ]; then
    "$juju" expose --model "$model" $ingress --publish "$publish:$ingress_proxy_port/proxy"
fi
wait_until_settled 300
print_addresses

# ./discourse up: builds what is stale, deploys bundle.yaml on this machine, waits until it has settled.
source "$(dirname "${BASH_SOURCE[0]}")/model.sh"
[ $# -eq 0 ] || die "\"./discourse up\" takes no arguments; got: $*"
need_dotnet
need postgres redis-server nginx prometheus bwrap ip curl openssl
bash scripts/build.sh
bash scripts/pack.sh

if ! model_exists; then
    "$juju" add-model "$model" >/dev/null
fi
"$juju" deploy --model "$model" --trust ./bundle.yaml
wait_until_settled 300
print_addresses

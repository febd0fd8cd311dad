# ./discourse status [ARGUMENT...]: the model; arguments go to `juju-local status`.
source "$(dirname "${BASH_SOURCE[0]}")/model.sh"
[ -x "$juju" ] && model_exists || die "there is no model \"$model\"; ./discourse up makes one"
"$juju" status --model "$model" "$@"
[ $# -gt 0 ] || print_addresses

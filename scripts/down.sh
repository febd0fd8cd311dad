# ./discourse down [--destroy] [--yes]: stops the model and keeps its data; --destroy removes both, after asking.
source "$(dirname "${BASH_SOURCE[0]}")/model.sh"

destroy=false yes=false
for argument in "$@"; do
    case $argument in
        --destroy) destroy=true ;;
        --yes) yes=true ;;
        *) die "unknown option \"$argument\"; usage: ./discourse down [--destroy] [--yes]" ;;
    esac
done
[ -x "$juju" ] || die "nothing is built, so nothing is up"

if ! $destroy; then
    "$juju" shutdown
    say "The model is stopped and its data kept. ./discourse up starts it again."
    exit
fi

model_exists || die "there is no model \"$model\""
if ! $yes; then
    [ -t 0 ] || die "--destroy loses every post of model \"$model\"; without a terminal to ask on, say so with --yes"
    read -r -p "This loses every post and upload of model \"$model\". Type its name to go on: " answer
    [ "$answer" = "$model" ] || die "nothing was destroyed"
fi
"$juju" destroy-model "$model" --no-prompt --destroy-storage
"$juju" shutdown

#!/bin/sh
# Every hook tool of Ops.Tests: notes how it was called, keeps its standard input, and does what FakeAgent wrote for it.
# One file that nobody writes: a script that was just written cannot be run while any other child of the test program starts.
tool=${0##*/}
folder=${0%/bin/*}
line=$tool
for argument in "$@"; do line="$line|$argument"; done
{ echo "$line" | tr '\n' ' '; echo; } >> "$folder/calls"
case "$*" in *"--file -"*) cat > "$folder/$tool.in" ;; esac
. "$folder/$tool.sh"

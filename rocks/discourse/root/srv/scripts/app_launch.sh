#!/bin/bash
# The service that the charm's Pebble runs: the exporter in a session of its own, so that it goes on answering when the
# server stops, and the server, to which TERM is passed on.
export UNICORN_BIND_ALL=0.0.0.0 UNICORN_SIDEKIQS=1
# Memory for the machine's largest cache is not kept for each new generation of objects, nor an arena for each thread: a quarter less under load, as fast.
export DOTNET_GCgen0size=${DOTNET_GCgen0size:-0x800000} MALLOC_ARENA_MAX=${MALLOC_ARENA_MAX:-2}
cd "${CONTAINER_APP_ROOT:-/srv/discourse}/app" || exit 1
mkdir -p log tmp/pids tmp/metrics public/uploads/default public/backups/default
touch log/production.log
program=$PWD/program/discourse

pid_file=tmp/pids/exporter.pid
if [ -f $pid_file ] && old=$(cat $pid_file) && [ -n "$old" ] && grep -qs exporter "/proc/$old/cmdline"; then
    # It has the environment of the service before this one.
    kill "$old" 2>/dev/null
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        kill -0 "$old" 2>/dev/null || break
        sleep 0.1
    done
fi
setsid "$program" exporter >>log/unicorn.stdout.log 2>>log/unicorn.stderr.log </dev/null &
echo $! >$pid_file

"$program" serve >>log/unicorn.stdout.log 2>>log/unicorn.stderr.log </dev/null &
server=$!
trap 'kill -TERM $server 2>/dev/null' TERM INT
wait $server
status=$?
# A signal ends the first wait; the server is then draining.
while kill -0 $server 2>/dev/null; do
    wait $server
    status=$?
done
exit $status

"""Drives a Pebble daemon through the Python library ops: ops_client.py SOCKET FOLDER. Any failure is an exception."""

import datetime
import io
import os
import sys
import time

from ops import pebble

LAYER = """
services:
    web:
        override: replace
        summary: A server
        command: sh -c 'echo started; exec sleep 1000'
        startup: enabled
        environment: {PORT: "80"}
    quick:
        override: replace
        command: sh -c 'echo oops; exit 3'
        on-failure: ignore
checks:
    up:
        override: replace
        level: alive
        period: 50ms
        exec: {command: "true"}
    down:
        override: replace
        level: ready
        period: 50ms
        threshold: 1
        exec: {command: "sh -c 'echo broken; exit 1'"}
"""


def until(condition):
    limit = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < limit, "what was awaited did not happen"
        time.sleep(0.02)


def raises(error, action, *arguments, **options):
    try:
        action(*arguments, **options)
    except error as e:
        return e
    raise AssertionError(f"expected {error.__name__}")


def services(client):
    assert client.get_system_info().version.startswith("v1.")
    client.add_layer("base", LAYER)
    raises(pebble.APIError, client.add_layer, "base", LAYER)
    client.add_layer("base", "summary: x\n", combine=True)
    plan = client.get_plan()
    assert plan.services["web"].environment == {"PORT": "80"}
    assert plan.checks["up"].level == pebble.CheckLevel.ALIVE
    assert client.autostart_services(timeout=30)
    (web,) = client.get_services(["web"])
    assert web.is_running() and web.startup == pebble.ServiceStartup.ENABLED
    error = raises(pebble.ChangeError, client.start_services, ["quick"])
    assert "exited quickly with code 3" in error.err, error.err
    assert "oops" in str(error), str(error)
    client.add_layer("base", "services: {web: {override: merge, environment: {PORT: '81'}}}", combine=True)
    change = client.wait_change(client.replan_services(timeout=0), timeout=30)
    assert change.status == "Done" and change.ready and len(change.tasks) == 2
    client.send_signal("SIGCONT", ["web"])
    raises(pebble.APIError, client.send_signal, "SIGCONT", ["nope"])
    client.restart_services(["web"])
    client.stop_services(["web"])
    assert not client.get_services(["web"])[0].is_running()
    assert raises(pebble.APIError, client.start_services, ["nope"]).code == 400
    raises(pebble.TimeoutError, client.start_services, ["web"], timeout=0.05)
    until(lambda: client.get_services(["web"])[0].is_running())


def files(client, folder):
    path = os.path.join(folder, "files", "one.txt")
    client.push(path, "grüße\n", make_dirs=True, permissions=0o640)
    with client.pull(path) as file:
        assert file.read() == "grüße\n"
    binary = bytes(range(256)) * 5000
    client.push(path, io.BytesIO(binary))
    with client.pull(path, encoding=None) as file:
        assert file.read() == binary
    (info,) = client.list_files(path)
    assert (info.name, info.size, info.type, info.permissions) == ("one.txt", len(binary), pebble.FileType.FILE, 0o644), info
    assert info.user_id == os.getuid() and isinstance(info.last_modified, datetime.datetime)
    os.symlink("one.txt", os.path.join(folder, "files", "link"))
    client.make_dir(os.path.join(folder, "files", "a", "b"), make_parents=True)
    names = [each.name for each in client.list_files(os.path.join(folder, "files"))]
    assert names == ["a", "link", "one.txt"], names
    assert [each.name for each in client.list_files(os.path.join(folder, "files"), pattern="o*")] == ["one.txt"]
    assert client.list_files(os.path.join(folder, "files"), itself=True)[0].type == pebble.FileType.DIRECTORY
    assert raises(pebble.PathError, client.pull, "/nope").kind == "not-found"
    assert raises(pebble.PathError, client.push, "/proc/nope/x", "x").kind == "not-found"
    assert raises(pebble.PathError, client.make_dir, os.path.join(folder, "files")).kind == "generic-file-error"
    assert raises(pebble.PathError, client.remove_path, os.path.join(folder, "files")).kind == "generic-file-error"
    assert raises(pebble.APIError, client.list_files, "/nope").code == 404
    client.remove_path(os.path.join(folder, "files"), recursive=True)
    client.remove_path(os.path.join(folder, "files"), recursive=True)


def commands(client):
    assert client.exec(["echo", "hi"]).wait_output() == ("hi\n", "")
    out, err = client.exec(["sh", "-c", "cat; echo e >&2"], stdin="in\n").wait_output()
    assert (out, err) == ("in\n", "e\n"), (out, err)
    out, err = client.exec(["sh", "-c", "echo o; echo e >&2"], combine_stderr=True).wait_output()
    assert sorted(out.split()) == ["e", "o"] and err is None
    error = raises(pebble.ExecError, client.exec(["sh", "-c", "echo o; echo e >&2; exit 42"]).wait_output)
    assert (error.exit_code, error.stdout, error.stderr) == (42, "o\n", "e\n")
    assert client.exec(["sh", "-c", "echo $X $PWD"], environment={"X": "y"}, working_dir="/usr").wait_output()[0] == "y /usr\n"
    big = client.exec(["head", "-c", "3000000", "/dev/zero"], encoding=None).wait_output()[0]
    assert big == bytes(3000000)
    written = io.StringIO()
    client.exec(["echo", "written"], stdout=written).wait()
    assert written.getvalue() == "written\n"
    process = client.exec(["cat"])
    process.stdin.write("typed\n")
    process.stdin.close()
    assert process.stdout.read() == "typed\n"
    process.wait()
    process = client.exec(["sleep", "1000"])
    process.send_signal("SIGTERM")
    assert raises(pebble.ExecError, process.wait).exit_code == 143
    raises(pebble.ChangeError, client.exec(["sleep", "1000"], timeout=0.2).wait)
    assert "nosuchcommand" in raises(pebble.APIError, client.exec, ["nosuchcommand"]).message
    assert client.exec(["sh", "-c", "echo $PORT"], service_context="web").wait_output()[0] == "81\n"


def checks(client):
    until(lambda: client.get_checks(names=["down"])[0].status == pebble.CheckStatus.DOWN)
    (down,) = client.get_checks(level=pebble.CheckLevel.READY)
    assert down.failures >= 1 and down.threshold == 1 and down.change_id
    change = client.get_change(down.change_id)
    assert change.kind == pebble.ChangeKind.RECOVER_CHECK.value, change.kind
    assert client.stop_checks(["up", "down"]) == ["down", "up"]
    assert client.get_checks(names=["up"])[0].status == pebble.CheckStatus.INACTIVE
    assert client.start_checks(["up"]) == ["up"]


def notices(client):
    number = client.notify(pebble.NoticeType.CUSTOM, "example.com/a", data={"k": "v"}, repeat_after=datetime.timedelta(hours=1))
    assert client.notify(pebble.NoticeType.CUSTOM, "example.com/a") == number
    notice = client.get_notice(number)
    assert (notice.key, notice.occurrences, notice.user_id) == ("example.com/a", 2, os.getuid())
    assert [each.key for each in client.get_notices(types=[pebble.NoticeType.CUSTOM])] == ["example.com/a"]
    assert any(each.type == pebble.NoticeType.CHANGE_UPDATE for each in client.get_notices(users=pebble.NoticesUsers.ALL))
    assert raises(pebble.APIError, client.get_notice, "99999").code == 404
    # Warnings are notices now: their own endpoint has gone from the daemon.
    assert raises(pebble.APIError, client.get_warnings).code == 404


def identities(client):
    client.replace_identities({"bob": pebble.Identity(access=pebble.IdentityAccess.READ, local=pebble.LocalIdentity(user_id=4242))})
    assert client.get_identities()["bob"].local.user_id == 4242
    client.remove_identities({"bob"})
    assert client.get_identities() == {}


def changes(client):
    every = client.get_changes(select=pebble.ChangeState.ALL)
    assert {"start", "stop", "replan", "exec"} <= {each.kind for each in every}
    assert all(each.ready for each in client.get_changes(select=pebble.ChangeState.READY, service="web"))
    raises(pebble.APIError, client.get_change, "99999")


def main():
    socket, folder = sys.argv[1:]
    client = pebble.Client(socket_path=socket)
    services(client)
    files(client, folder)
    commands(client)
    checks(client)
    notices(client)
    identities(client)
    changes(client)
    raises(pebble.ConnectionError, pebble.Client(socket_path="/nowhere").get_system_info)
    print("all is well")


main()

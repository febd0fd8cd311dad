"""Measures a Pebble daemon, alone or side by side with another, and prints a table.

Rounds alternate between the two binaries, so that both meet the same machine. A figure is the median over all rounds.
Needs nothing but the standard library of Python 3.9 or later, and Linux.
"""

import argparse
import base64
import http.client
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

MIB = 1 << 20
TICKS = os.sysconf("SC_CLK_TCK")


class Connection(http.client.HTTPConnection):
    """HTTP over a unix socket."""

    def __init__(self, path):
        super().__init__("localhost")
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.connect(self.path)


class Daemon:
    """A daemon in a temporary folder."""

    def __init__(self, program, layer=""):
        self.folder = tempfile.mkdtemp(prefix="bench-pebble-")
        self.socket = os.path.join(self.folder, ".pebble.socket")
        os.mkdir(os.path.join(self.folder, "layers"))
        if layer:
            with open(os.path.join(self.folder, "layers", "001-bench.yaml"), "w", encoding="utf-8") as file:
                file.write(layer)
        environment = {**os.environ, "PEBBLE": self.folder}
        environment.pop("PEBBLE_SOCKET", None)
        self.began = time.perf_counter()
        self.process = subprocess.Popen(
            [program, "run", "--hold"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while True:
            try:
                self.connection = Connection(self.socket)
                self.get("/v1/system-info")
                break
            except OSError:
                if self.process.poll() is not None:
                    raise SystemExit(f"{program} ended with code {self.process.returncode}")
                time.sleep(0.0005)
        self.started = time.perf_counter() - self.began

    def request(self, method, path, body=None, headers=None):
        self.connection.request(method, path, body, headers or {})
        answer = self.connection.getresponse()
        data = answer.read()
        if answer.status >= 400:
            raise SystemExit(f"{method} {path}: {answer.status} {data[:300]!r}")
        return data

    def get(self, path):
        return json.loads(self.request("GET", path))

    def post(self, path, value):
        return json.loads(self.request("POST", path, json.dumps(value), {"Content-Type": "application/json"}))

    def change(self, path, value):
        answer = self.post(path, value)
        return self.get(f"/v1/changes/{answer['change']}/wait?timeout=120s")["result"]

    def memory(self, name="VmRSS"):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as file:
            return next(int(line.split()[1]) for line in file if line.startswith(name + ":")) / 1024

    def cpu(self):
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def close(self):
        self.connection.close()
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder)


def services(count, changed=""):
    lines = ["services:"]
    for number in range(count):
        lines.append(f"    s{number:03}: {{override: replace, command: sleep 1000, startup: enabled, environment: {{V: 'x{changed if number == 0 else ''}'}}}}")
    return "\n".join(lines) + "\n"


def measure_start(program, note):
    for _ in range(3):
        daemon = Daemon(program)
        note("start", daemon.started * 1000)
        daemon.close()


def measure_idle_memory(program, note):
    daemon = Daemon(program)
    time.sleep(2)
    note("idle memory", daemon.memory())
    daemon.close()


def measure_requests(program, note):
    daemon = Daemon(program)
    times = []
    for _ in range(1200):
        began = time.perf_counter()
        daemon.request("GET", "/v1/system-info")
        times.append((time.perf_counter() - began) * 1e6)
    times = times[200:]
    note("request", statistics.median(times))
    note("request p99", statistics.quantiles(times, n=100)[98])
    daemon.close()


def websocket(path, task, name):
    """A handshake, after which nothing is read but the end of the stream."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.connect(path)
    key = base64.b64encode(os.urandom(16)).decode()
    connection.sendall((
        f"GET /v1/tasks/{task}/websocket/{name} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n").encode())
    head = b""
    while b"\r\n\r\n" not in head:
        part = connection.recv(4096)
        if not part:
            raise SystemExit("the daemon closed a websocket before its handshake")
        head += part
    if not head.startswith(b"HTTP/1.1 101"):
        raise SystemExit(f"expected 101, got {head[:60]!r}")
    return connection


def measure_exec(program, note):
    daemon = Daemon(program)
    for _ in range(12):
        began = time.perf_counter()
        answer = daemon.post("/v1/exec", {"command": ["/bin/true"], "split-stderr": True})
        task = answer["result"]["task-id"]
        sockets = [websocket(daemon.socket, task, name) for name in ("control", "stdio", "stderr")]
        daemon.get(f"/v1/changes/{answer['change']}/wait?timeout=30s")
        note("exec", (time.perf_counter() - began) * 1000)
        for each in sockets:
            each.close()
    daemon.close()


def measure_replan(program, note):
    count = 50
    daemon = Daemon(program, services(count))
    daemon.change("/v1/services", {"action": "replan"})
    time.sleep(0.5)
    note("memory of 50", daemon.memory())
    for number in range(2):
        daemon.post("/v1/layers", {
            "action": "add", "combine": True, "label": "bench", "format": "yaml", "layer": services(1, str(number))})
        began = time.perf_counter()
        daemon.change("/v1/services", {"action": "replan"})
        took = (time.perf_counter() - began) * 1000
        note("replan", took)
        note("replan excess", took - 1000)
    daemon.close()


def measure_files(program, note):
    daemon = Daemon(program)
    path = f"/dev/shm/bench-pebble-{os.getpid()}"
    content = os.urandom(MIB) * 100
    boundary = "bench" * 8
    head = (
        f'--{boundary}\r\nContent-Type: application/json\r\nContent-Disposition: form-data; name="request"\r\n\r\n'
        f'{json.dumps({"action": "write", "files": [{"path": path}]})}\r\n--{boundary}\r\n'
        f'Content-Disposition: form-data; name="files"; filename="{path}"\r\n\r\n').encode()
    body = head + content + f"\r\n--{boundary}--\r\n".encode()
    buffer = bytearray(4 * MIB)
    try:
        for _ in range(3):
            began = time.perf_counter()
            daemon.request("POST", "/v1/files", body, {"Content-Type": f'multipart/form-data; boundary="{boundary}"'})
            note("push", len(content) / 1e6 / (time.perf_counter() - began))
            raw = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            raw.connect(daemon.socket)
            began = time.perf_counter()
            raw.sendall(f"GET /v1/files?action=read&path={path} HTTP/1.1\r\nHost: x\r\nAccept: multipart/form-data\r\nConnection: close\r\n\r\n".encode())
            total = 0
            while count := raw.recv_into(buffer):
                total += count
            note("pull", len(content) / 1e6 / (time.perf_counter() - began))
            raw.close()
            if total < len(content):
                raise SystemExit(f"pulled {total} bytes of {len(content)}")
        note("peak memory", daemon.memory("VmHWM"))
    finally:
        daemon.close()
        if os.path.exists(path):
            os.unlink(path)


def measure_logs(program, note):
    folder = tempfile.mkdtemp(prefix="bench-pebble-", dir="/dev/shm")
    lines = os.path.join(folder, "lines")
    done = os.path.join(folder, "done")
    with open(lines, "w", encoding="ascii") as file:
        file.writelines(f"{number:08} {'x' * 90}\n" for number in range(1_000_000))
    daemon = Daemon(program, f"""
services:
    flood: {{override: replace, command: "sh -c 'cat {lines}; touch {done}; sleep 1000'"}}
""")
    began, cpu = time.perf_counter(), daemon.cpu()
    waiting = threading.Thread(target=lambda: Daemon.post(daemon, "/v1/services", {"action": "start", "services": ["flood"]}))
    waiting.start()
    while not os.path.exists(done):
        time.sleep(0.001)
    note("log lines", time.perf_counter() - began)
    waiting.join()
    time.sleep(0.1)
    note("log CPU", daemon.cpu() - cpu)
    note("lines kept", daemon.request("GET", "/v1/logs?n=-1").count(b"\n"))
    daemon.close()
    shutil.rmtree(folder)


def measure_idle_cpu(program, note):
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]

    def serve():
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                try:
                    connection.settimeout(1)
                    if connection.recv(4096):
                        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
                except OSError:
                    pass

    threading.Thread(target=serve, daemon=True).start()
    checks = ["checks:"]
    for number in range(10):
        kind = (f"http: {{url: 'http://127.0.0.1:{port}/'}}" if number < 4
                else f"tcp: {{port: {port}}}" if number < 7 else "exec: {command: /bin/true}")
        checks.append(f"    c{number}: {{override: replace, period: 1s, {kind}}}")
    daemon = Daemon(program, services(50) + "\n".join(checks) + "\n")
    daemon.change("/v1/services", {"action": "replan"})
    time.sleep(1)
    cpu = daemon.cpu()
    time.sleep(10)
    note("idle CPU", daemon.cpu() - cpu)
    daemon.close()
    listener.close()


# Key, what the table says, what measures it, whether more is better.
ROWS = [
    ("start", "process start to first answered GET /v1/system-info, ms", measure_start, False),
    ("idle memory", "resident memory, idle after 2 s, MiB", measure_idle_memory, False),
    ("memory of 50", "resident memory, 50 running services, MiB", measure_replan, False),
    ("peak memory", "peak memory after push and pull of 100 MiB, MiB", measure_files, False),
    ("request", "GET /v1/system-info on a kept connection, median, µs", measure_requests, False),
    ("request p99", "GET /v1/system-info on a kept connection, p99, µs", measure_requests, False),
    ("exec", "exec /bin/true with its three websockets, ms", measure_exec, False),
    ("replan", "replan of 50 services, one changed, ms", measure_replan, False),
    ("replan excess", "the same without the 1 s grace of a start, ms", measure_replan, False),
    ("push", "file push, 100 MiB, MB/s (more is better)", measure_files, True),
    ("pull", "file pull, 100 MiB, MB/s (more is better)", measure_files, True),
    ("log lines", "1,000,000 log lines of 100 bytes, s", measure_logs, False),
    ("log CPU", "the daemon's CPU time for them, s", measure_logs, False),
    ("lines kept", "lines kept of them (more is better)", measure_logs, True),
    ("idle CPU", "CPU time in 10 s idle, 50 services, 10 checks of 1 s period, s", measure_idle_cpu, False),
]


def show(value):
    return "-" if value is None else f"{value:.3g}" if value < 100 else f"{value:.0f}"


def main():
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pebble", default=os.path.join(root, "out", "bin", "pebble"), help="the program measured (A)")
    parser.add_argument("--vs", help="another to compare it with (B)")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured (default 3)")
    parser.add_argument("--only", default="", help="only these rows, by key, with commas: " + ", ".join(row[0] for row in ROWS))
    options = parser.parse_args()

    wanted = [key.strip() for key in options.only.split(",") if key.strip()]
    rows = [row for row in ROWS if not wanted or row[0] in wanted]
    programs = [("A", options.pebble)] + ([("B", options.vs)] if options.vs else [])
    measures = list(dict.fromkeys(row[2] for row in rows))
    samples = {}
    for number in range(options.rounds):
        for measure in measures:
            # In turn first and second, so that neither always meets the warmer machine.
            for letter, program in programs if number % 2 == 0 else programs[::-1]:
                measure(program, lambda key, value, at=letter: samples.setdefault((key, at), []).append(value))
        print(f"round {number + 1} of {options.rounds}", file=sys.stderr)

    for letter, program in programs:
        print(f"{letter}: {program}")
    print(f"medians of {options.rounds} rounds, load average {os.getloadavg()[0]:.2f}\n")
    print("| metric | A | B | A / B |\n|---|--:|--:|--:|" if options.vs else "| metric | A |\n|---|--:|")
    for key, title, _, _ in rows:
        a, b = (statistics.median(samples[key, letter]) if (key, letter) in samples else None for letter in "AB")
        ratio = f"{a / b:.2f}" if a is not None and b else "-"
        print(f"| {title} | {show(a)} | {show(b)} | {ratio} |" if options.vs else f"| {title} | {show(a)} |")


if __name__ == "__main__":
    main()

#!/usr/bin/python3
"""Servers of Debian's that nobody relinked, run by pprof-run under load.

    servers.py soak SERVER SECONDS    all profiles side by side, and a dump each second: no crash, no thread
                                      called one that nobody can signal, no growing memory
    servers.py cost SERVER ROUNDS     its CPU time with profiles and without, as neighbours

The latter is of redis-server or memcached, whose loads are of a number of requests.
SERVER is redis-server, memcached, nginx, python3 or strings (a C++ program). BUILD is where the programs are.
"""
import atexit
import json
import os
import random
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

BUILD = os.path.abspath(os.environ.get("BUILD", "build"))
USER = ["-u", "root"] if os.geteuid() == 0 else []
NGINX = """daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log; {user}
events {{}}
http {{ access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{ listen 127.0.0.1:{port}; root {folder}; }} }}
"""


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def wrk(port, seconds):
    return ["wrk", "-t1", "-c8", f"-d{seconds}s", f"http://127.0.0.1:{port}/page.html"]


class Server:
    """One that runs, with profiles or without; `process` is who serves, `admin` its profiles' address."""

    def __init__(self, name, profiled=True, words=()):
        self.name, self.port, self.admin = name, free_port(), None
        self.folder = tempfile.mkdtemp(prefix="pprof-preload-")
        os.chmod(self.folder, 0o755)
        with open(f"{self.folder}/page.html", "w") as page:
            page.write("x" * 1000)
        command = self.command()
        if profiled:
            words = list(words) + (["--children"] if name == "nginx" else [])
            command = [f"{BUILD}/bin/pprof-run", "--listen", "127.0.0.1:0", *words, "--", *command]
        self.log = open(f"{self.folder}/log", "w+")
        self.child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
                                      cwd=self.folder, start_new_session=True)  # Ctrl-C is for us
        atexit.register(self.child.kill)  # does nothing once it has ended
        self.process = self.child.pid
        self.await_start(profiled)

    def command(self):
        if self.name == "redis-server":
            return ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        if self.name == "memcached":
            return ["memcached", "-l", "127.0.0.1", "-p", str(self.port), *USER]
        if self.name == "nginx":
            with open(f"{self.folder}/nginx.conf", "w") as file:
                user = "user root;" if os.geteuid() == 0 else ""
                file.write(NGINX.format(folder=self.folder, port=self.port, user=user))
            return ["nginx", "-p", self.folder, "-c", f"{self.folder}/nginx.conf"]
        if self.name == "python3":
            return ["/usr/bin/python3", "-m", "http.server", "--bind", "127.0.0.1", str(self.port)]
        return [f"{BUILD}/tests/strings"]

    def printed(self):
        with open(f"{self.folder}/log") as log:
            return log.read()

    def await_start(self, profiled):
        for _ in range(600):
            if (not profiled or self.find_profiles()) and self.answers():
                break
            assert self.child.poll() is None, self.printed()
            time.sleep(0.05)
        else:
            self.child.kill()
            raise SystemExit(f"{self.name} did not start: {self.printed()}")
        if self.name == "nginx" and not profiled:
            with open(f"/proc/{self.child.pid}/task/{self.child.pid}/children") as file:
                self.process = int(file.read().split()[0])

    def find_profiles(self):
        """Of the program; nginx's workers are listed by the first process."""
        said = re.search(r"process (\d+): (http://\S+?);", self.printed())
        if said is None:
            return False
        self.admin = said.group(2)
        if self.name != "nginx":
            return True
        said = re.search(r"<li>process (\d+): (http://[^<]+)", self.get("").decode())
        if said is not None:
            self.process, self.admin = int(said.group(1)), said.group(2)
        return said is not None

    def answers(self):
        if self.name == "strings":
            return True
        with socket.socket() as client:
            return client.connect_ex(("127.0.0.1", self.port)) == 0

    def load(self, requests):
        """The words of a load of so many requests; None: one of some seconds, again and again."""
        if self.name == "redis-server":
            return ["redis-benchmark", "-p", str(self.port), "-n", str(requests or 50000), "-c", "16", "-q", "-t",
                    "set,get"]
        if self.name == "memcached":
            return [f"{BUILD}/tests/memcached_load", "127.0.0.1", str(self.port), "8", str(requests or 50000)]
        return wrk(self.port, 2) if self.name != "strings" else ["sleep", "2"]

    def get(self, path, timeout=200):  # names are looked up for one after the other, on a busy machine
        with urllib.request.urlopen(self.admin + path, timeout=timeout) as answer:
            return answer.read()

    def memory(self):
        with open(f"/proc/{self.process}/status") as status:
            return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1))

    def cpu_ns(self):
        total = 0
        for task in os.listdir(f"/proc/{self.process}/task"):
            try:
                with open(f"/proc/{self.process}/task/{task}/schedstat") as file:
                    total += int(file.read().split()[0])
            except FileNotFoundError:
                pass  # it has ended
        return total

    def stop(self):
        assert self.child.poll() is None, f"{self.name} ended by itself: {self.printed()}"
        self.child.send_signal(signal.SIGTERM)
        status = self.child.wait(30)
        self.log.close()
        shutil.rmtree(self.folder)
        assert status in (0, -signal.SIGTERM), f"{self.name} ended with {status}"


def open_profile(server, name, body):
    path = f"{server.folder}/{name}.pb.gz"
    with open(path, "wb") as file:
        file.write(body)
    run = subprocess.run(["go", "tool", "pprof", "-top", path], capture_output=True, text=True, timeout=300)
    assert run.returncode == 0 and "flat%" in run.stdout, f"{name}: {run.stdout}{run.stderr}"
    return run.stdout


def soak(name, seconds):
    server = Server(name)
    end, failures, kept, counts = time.monotonic() + seconds, [], {}, {}

    def repeat(function):
        try:
            while time.monotonic() < end:
                function()
        except Exception as problem:  # told at the end, once everybody is done
            failures.append(repr(problem))

    def load():
        subprocess.run(server.load(None), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=300)

    def ask(path):
        def once():
            try:
                kept[path.split("?")[0]] = server.get(path)
                counts[path] = counts.get(path, 0) + 1
            except urllib.error.HTTPError as error:
                if error.code != 503:  # busy
                    raise
            time.sleep(0.2)
        return once

    def dump():
        try:
            text = server.get("threads?debug=2").decode()
        except urllib.error.HTTPError as error:
            if error.code != 503:  # another one has them
                raise
            time.sleep(0.05)
            return
        stuck = re.search(r"^(\d+) wait for something that nobody", text, re.M)
        counts["dumps"] = counts.get("dumps", 0) + 1
        if stuck is None:
            reason = re.search(r"is not known: (.*)", text).group(1)
            counts[reason] = counts.get(reason, 0) + 1
        if stuck is not None and stuck.group(1) != "0":
            raise AssertionError(text)
        time.sleep(1)

    paths = ["profile?seconds=1", "wall?seconds=1", "mutex?seconds=1", "block", "heap", "allocs?seconds=1",
             "threadcreate", "threads", "?"]
    threads = [threading.Thread(target=repeat, args=[f]) for f in [load, dump] + [ask(p) for p in paths]]
    for thread in threads:
        thread.start()
    memory = []  # names of functions take tens of megabytes for a moment
    while time.monotonic() < end:
        memory.append(server.memory())
        time.sleep(0.5)
    for thread in threads:
        thread.join()
    third = len(memory) // 3 + 1
    early, late = max(memory[:third]), statistics.median(memory[-third:])
    assert not failures, f"{name}: {failures} {server.printed()}"
    for path in paths[:-1]:
        top = open_profile(server, path.split("?")[0], kept[path.split("?")[0]])
        assert "nobody can signal" not in top, top
    print(json.dumps({"server": name, "seconds": seconds, "rss_kib": [early, late], "answers": counts}))
    # what is there in the first seconds is not all that is needed; that tells after some minutes
    assert late - early < (64 if seconds < 60 else 8) * 1024, f"{name}: {early} KiB grew to {late}"
    server.stop()


def cost(name, rounds):
    """Servers beside each other, each asked the same, for a moment each: what disturbs one disturbs its neighbour."""
    requests = 10000
    plain, profiled, other = Server(name, False), Server(name), Server(name, False)
    ratios = {"all that is collected all the time": [], "and a CPU and a wall profile": [], "nothing (the noise)": []}

    def run(server):
        before, begin = server.cpu_ns(), time.monotonic()
        subprocess.run(server.load(requests), stdout=subprocess.DEVNULL, check=True, timeout=300)
        return server.cpu_ns() - before, time.monotonic() - begin

    for server in (plain, profiled, other):
        run(server)  # what it needs first

    def compare(key, compared):
        askers = []
        if key.startswith("and"):
            askers = [threading.Thread(target=profiled.get, args=[f"{p}?seconds=2"]) for p in ("profile", "wall")]
        taken = {plain: [0, 0], compared: [0, 0]}
        first, second = random.sample([plain, compared], 2)
        for asker in askers:
            asker.start()
        for server in (first, second, second, first):
            for i, value in enumerate(run(server)):
                taken[server][i] += value
        for asker in askers:
            asker.join()
        ratios[key].append([taken[compared][i] / taken[plain][i] for i in (0, 1)])

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C
    try:
        for _ in range(rounds):
            for key, compared in zip(ratios, (profiled, profiled, other)):
                compare(key, compared)
    except KeyboardInterrupt:  # what there is by then
        rounds = min(len(pairs) for pairs in ratios.values())
    print(f"{name}, {rounds} rounds of 4 x {requests} requests; with profiles / without, median and 95% interval")
    print(f"{'':38}{'CPU time':26}wall time")
    for key, pairs in ratios.items():
        texts = []
        for i in (0, 1):
            values = sorted(pair[i] for pair in pairs)
            means = sorted(statistics.median(random.choices(values, k=len(values))) for _ in range(4000))
            texts.append(f"{statistics.median(values):.4f} ({means[100]:.4f}-{means[3899]:.4f})")
        print(f"{key:38}{texts[0]:26}{texts[1]}", flush=True)
    for server in (plain, profiled, other):
        server.stop()


if __name__ == "__main__":
    if len(sys.argv) != 4 or sys.argv[1] not in ("soak", "cost") or (
            sys.argv[1] == "cost" and sys.argv[2] not in ("redis-server", "memcached")):
        raise SystemExit(__doc__)
    {"soak": soak, "cost": cost}[sys.argv[1]](sys.argv[2], int(sys.argv[3]))

"""The programs themselves: a run over made-to-measure records, and the service.

What is read from them are their own exact counts (`fastenough run --json`, /metrics) and, where the
service serves profiles, those. Whatever is started here is ended here.
"""
import collections
import json
import random
import re
import subprocess
import urllib.error
import urllib.request

from workbench import ROOT, WorkbenchError

RUN_SECONDS = 60


def records(count, tags, sorted_share=0.0, seed=1):
    """NDJSON of `count` records with so many tags each, of which a share comes in order."""
    dice = random.Random(seed)
    lines = []
    for i in range(count):
        names = [f"tag:{dice.randrange(10**6):06}" for _ in range(tags)]
        if i < sorted_share * count:
            names.sort()
        lines.append(json.dumps({"id": i + 1, "name": "sensor", "tags": names, "ts": 1700000000000}))
    return "\n".join(lines) + "\n"


def run(code, text, **options):
    """`fastenough-CODE run - --json`, with options such as request=100 or db_latency="50us"."""
    words = [str(ROOT / "build/bin" / f"fastenough-{code}"), "run", "-", "--json", "--quiet"]
    words += [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
    done = subprocess.run(words, input=text, capture_output=True, text=True, timeout=RUN_SECONDS, check=False)
    if done.returncode != 0:
        raise WorkbenchError(
            f"fastenough-{code} failed: {done.stderr.strip()}\n"
            "Is it built? `make all` builds the programs."
        )
    return json.loads(done.stdout)


class Service:
    """One build as a service on a port of its own, with profiles where it can: `with Service("nnnn")`."""

    def __init__(self, code, *options):
        self._words = [
            str(ROOT / "build/bin" / f"fastenough-{code}"),
            "serve",
            "--listen",
            "127.0.0.1:0",
            *options,
        ]
        self.code = code
        usage = subprocess.run(
            [self._words[0], "serve", "--help"], capture_output=True, text=True, check=False
        )
        if "--admin " in usage.stdout + usage.stderr:
            self._words += ["--admin", "127.0.0.1:0"]
        self.url = self.admin = None

    def __enter__(self):
        self._process = subprocess.Popen(
            self._words, stdout=subprocess.PIPE, text=True, stderr=subprocess.STDOUT
        )
        said = ""
        while "caps:" not in said:  # the last line of its greeting
            line = self._process.stdout.readline()
            if not line:
                self._process.wait()
                raise WorkbenchError(f"fastenough-{self.code} serve did not start: {said.strip()}")
            said += line
        self.url = re.search(r"listening on (http://\S+?)/?\s", said)[1]
        admin = re.search(r"profiles at (http://\S+)", said)
        self.admin = admin[1].rstrip("/") if admin else None
        return self

    def __exit__(self, *_):
        self._process.terminate()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    def get(self, path, base=None):
        """What a GET answers, or None where it is refused (503, say)."""
        try:
            with urllib.request.urlopen((base or self.url) + path, timeout=RUN_SECONDS) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError as error:
            error.close()
            return None

    def process(self, count, seed=1):
        """Lets it process `count` records that it makes itself; None where it refuses."""
        answer = self.get(f"/process?n={count}&seed={seed}")
        return answer and json.loads(answer)

    def metrics(self):
        """/metrics, without the labelled ones: name -> number."""
        found = re.findall(r"^fastenough_(\w+) (\S+)$", self.get("/metrics"), re.MULTILINE)
        return {name: float(value) for name, value in found}

    def rss_bytes(self):
        status = open(f"/proc/{self._process.pid}/status", encoding="ascii").read()
        return 1024 * int(re.search(r"VmRSS:\s+(\d+)", status)[1])

    def profile(self, name, **options):
        """A profile as text (None where this service has none of that name)."""
        if self.admin is None:
            return None
        query = "&".join(f"{k}={v}" for k, v in {"debug": 1, **options}.items())
        return self.get(f"/{name}?{query}", base=self.admin)


def profile_lines(text):
    """Of a profile's text, (what it counts, file:line -> its last value), each stack charged to the
    innermost line that is in naive/ or fixed/ (and to 'elsewhere' where none is)."""
    lines = collections.Counter()
    weight = place = None
    for line in text.splitlines() + ["0 0 @"]:
        if re.match(r"^\d+[\d ]* @", line):
            if weight is not None:
                lines[place or "elsewhere"] += weight
            # "count value", or heap's "objects bytes objects bytes", or a bare count
            numbers = line.split(" @")[0].split()
            weight, place = int(numbers[min(1, len(numbers) - 1)]), None
        elif weight is not None and place is None:
            frame = re.search(r"\b((?:naive|fixed)/\w+\.c:\d+)", line)
            place = frame[1] if frame else None
    return text.splitlines()[0].lstrip("# "), lines


def profile_sum(text, function):
    """What the stacks of a profile's text that go through the function come to: their last values."""
    total = 0
    for stack in text.split("\n\n"):
        head = re.search(r"^(\d[\d ]*) @", stack, re.MULTILINE)
        if head and f"\t{function}+0x" in stack:
            total += int(head[1].split()[-1])
    return total


def profile_head(text, rows=10):
    """The summary at the head of a profile's text: what it is, and the first rows of its table."""
    head = [
        line[2:] if line.startswith("# ") else line[1:]
        for line in text.splitlines()
        if line.startswith("#") and not line.startswith("#\t")
    ]
    return "\n".join(line[:100] for line in head[: rows + 4])


def first_paragraphs(text, count=2):
    """The first paragraphs of a text, with paths as they are in the repository."""
    return "\n\n".join(text.replace(f"{ROOT}/", "").split("\n\n")[:count])

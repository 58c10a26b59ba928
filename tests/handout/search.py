#!/usr/bin/python3
"""Looks for the solutions in an edition for students: search.py EDITION [--results]

A solution is what the sources in fixed/ have and neither naive/ nor what both share has: names, lines of code, and
sequences of five words of their comments, of what the notebooks say of them and of the report's words for the fixes. They are
looked for in each file of the edition, in objects by what nm, readelf and strings say of them; with --results also in
what was built and measured there. Prints what it found, a line each, and ends with 1 if there was anything.
"""
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
KEYWORDS = {"_Alignof", "_Alignas", "return", "struct", "static", "sizeof", "const", "while", "unsigned"}
# that the workbench has for reasons of its own: what a submission may refer to, and words that are nobody's
COMMON_NAMES = {"aligned_alloc", "pthread_join", "cpu_count", "reserve", "threads", "queue", "has_room", "THREADS_MAX"}
ABSENT = (".git", ".ci", "tests", "bench/classroom/decoys", "bench/classroom/handout", "bench/classroom/teacher.mk",
          "bench/gate/baseline.json", "bench/session", "bench/report/page.png", "notebooks/TEACHING.md", "bench/README.md")
# of what the workbench does itself
COMMON_LINES = {"workers_delete(workers);"}
COMMON_PHRASES = {"as long as it takes", "into the caller s buffer", "naive key c fixed key", "key c fixed key c"}
WORDS = 5
LINE_LEAST = 14


def split(source):
    """The code and the comments of a C source."""
    comments = " ".join(re.findall(r"/\*.*?\*/|//[^\n]*", source, re.DOTALL))
    return re.sub(r"/\*.*?\*/|//[^\n]*", " ", source, flags=re.DOTALL), comments


def without_texts(code):
    return re.sub(r'"(?:\\.|[^"\\])*"', " ", code)


def names(code):
    return {word for word in re.findall(r"[A-Za-z_]\w{4,}", code) if word not in KEYWORDS}


def lines(code):
    return {line for line in ("".join(line.split()) for line in code.splitlines()) if len(line) >= LINE_LEAST and not line.startswith(("for(", "#include"))}


def phrases(text):
    words = re.findall(r"[a-z0-9]+", text.lower())
    return {" ".join(words[at : at + WORDS]) for at in range(len(words) - WORDS + 1)}


def read(path):
    return path.read_bytes().decode("utf-8", "replace")


class Solutions:
    def __init__(self):
        self.names, self.lines, self.phrases = set(), set(), set()
        shared = [*ROOT.glob("common/**/*.[ch]"), *ROOT.glob("naive/*.c")]
        self.add(ROOT.glob("fixed/*.c"), shared)
        for kit in ROOT.glob("bench/kits/*/"):
            self.add(kit.glob("fixed/*.c"), [*kit.glob("naive/*.c"), *kit.glob("*.[ch]"), *shared])
            for words in re.findall(r"; fixed: ([^\"]*)", read(kit / "kit.json")):
                self.phrases |= phrases(words)
        self.phrases |= phrases(" ".join(re.findall(r'"(.*?)"', read(ROOT / "bench/solutions.h"))))
        for path in ROOT.glob("notebooks/*.ipynb"):
            text = "\n".join("".join(cell["source"]) for cell in json.loads(read(path))["cells"])
            for part in re.findall(r"<!-- solution -->(.*?)<!-- /solution -->", text, re.DOTALL):
                self.phrases |= phrases(part)
        for path in shared:
            self.phrases -= phrases(split(read(path))[1])
        self.phrases -= COMMON_PHRASES
        self.lines -= COMMON_LINES

    def add(self, fixed, shared):
        others = [split(read(path)) for path in shared]
        known_names = set().union(*(names(code) for code, _ in others)) | COMMON_NAMES
        known_lines = set().union(*(lines(code) for code, _ in others))
        known_phrases = set().union(*(phrases(comments) for _, comments in others))
        for path in fixed:
            code, comments = split(read(path))
            self.names |= names(without_texts(code)) - known_names
            self.lines |= lines(code) - known_lines
            self.phrases |= phrases(comments) - known_phrases


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True, errors="replace").stdout


def search_object(path, solutions):
    for line in run("nm", "-a", path).splitlines():
        if re.search(r" [a-zA-TV-Z] \w", line) and not re.search(r" T \w+$", line):
            yield f"{path}: the symbol {line.split()[-1]} is no other file's to know"
    sections = run("readelf", "-SW", path)
    if re.search(r"\.debug|\.gnu\.lto|\.comment", sections):
        yield f"{path}: it has sections that only say where it comes from"
    said = run("strings", "-n", "4", path)
    for name in solutions.names & names(said):
        yield f"{path}: {name}"
    if "fixed/" in said:
        yield f"{path}: a path"


def search_text(path, text, solutions):
    for name in solutions.names & names(text):
        yield f"{path}: the name {name}"
    for line in solutions.lines & lines(text):
        yield f"{path}: the line {line}"
    for phrase in solutions.phrases & phrases(text):
        yield f"{path}: the words '{phrase}'"


def search(edition, with_results):
    solutions = Solutions()
    if min(len(solutions.names), len(solutions.lines), len(solutions.phrases)) < 10:
        sys.exit("search.py knows hardly any solution: it looks for them in the wrong place")
    if not (edition / "naive/key.c").exists():
        sys.exit(f"search.py: {edition} is no edition")
    for absent in ABSENT:
        if (edition / absent).exists():
            yield f"{absent} is there"
    for path in sorted(edition.rglob("*")):
        shown = path.relative_to(edition)
        is_result = shown.parts[0] == "build" or shown.parts[:2] == ("bench", "results")
        if not path.is_file() or path.is_symlink() or is_result and not with_results:
            continue
        if not is_result and path.suffix in (".c", ".h") and "fixed" in shown.parts:
            yield f"{shown}: a source"
        if path.suffix == ".o" and not is_result:
            yield from search_object(path, solutions)
        elif path.suffix == ".ipynb":
            for cell in json.loads(read(path))["cells"]:
                if cell.get("outputs"):
                    yield f"{shown}: an output"
                yield from search_text(shown, "".join(cell["source"]), solutions)
        elif not is_result or shown.parts[0] == "bench":
            yield from search_text(shown, read(path), solutions)


def main():
    found = list(search(pathlib.Path(sys.argv[1]).resolve(), "--results" in sys.argv))
    print("\n".join(found) or f"{sys.argv[1]}: no solution found")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()

"""Reads a callgrind.out file (its format: Valgrind's manual, 'Callgrind Format Specification'):
what each line of one source cost, with all that was called from it."""
import collections
import re


class LineCosts:
    """`.lines`: line -> instructions with callees; `.calls`: function -> times called;
    `.total`: instructions of the whole program."""

    def __init__(self, path, source):
        self.lines = collections.Counter()
        self.calls = collections.Counter()
        self.total = 0
        self._names = {}
        self._read(path, source)

    def _name(self, kind, number, text):
        if text is not None:
            self._names[kind, number] = text
        return self._names.get((kind, number), "")

    def _read(self, path, source):
        here = callee = ""
        positions = [0, 0]
        position_count = 1
        with open(path, encoding="utf-8", errors="replace") as file:
            for line in file:
                line = line.rstrip("\n")
                if line.startswith("positions:"):
                    position_count = len(line.split()) - 1
                    positions = [0] * position_count
                elif line.startswith("summary:") or line.startswith("totals:"):
                    self.total = int(line.split()[1])
                elif line.startswith("calls="):
                    self.calls[callee] += int(line[6:].split()[0])
                elif line[:1] in "0123456789+-*" and line:
                    cost = self._costs(line.split(), positions, position_count)
                    if here.endswith(source):
                        self.lines[positions[-1]] += cost
                elif match := re.match(r"^(\w+)=\((\d+)\)(?: (.*))?$", line):
                    kind, number, text = match.groups()
                    pool = "file" if kind in ("fl", "fi", "fe", "cfi", "cfl") else kind[-2:]
                    name = self._name(pool, number, text)
                    if kind in ("fl", "fi", "fe"):
                        here = name
                    elif kind == "cfn":
                        callee = name

    @staticmethod
    def _costs(words, positions, count):
        for i in range(count):
            word = words[i]
            if word == "*":
                continue
            if word[0] in "+-":
                positions[i] += int(word, 0)
            else:
                positions[i] = int(word, 0)
        return int(words[count]) if len(words) > count else 0

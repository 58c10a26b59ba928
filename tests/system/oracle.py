"""Holds the programs against the second implementation (reference.py) on thousands of odd lines.

    python3 oracle.py FOLDER-OF-PROGRAMS [SEED [COUNT]]

Generated records are mutated: bytes changed, put in and taken out, tokens exchanged for others that
are at or beyond the limits of JSON or of the rules. The numbers of accepted and of rejected lines by
reason, the digest and the score sum have to agree; where they do not, the lines are halved until the
one that they differ on is left, and that is printed. Exits 1 then.
"""
import json
import random
import subprocess
import sys

import reference

BUILDS = ("nnnn", "ffff")
# Reasons that the reference does not tell apart: it is Python's json that refuses.
TEXT_REASONS = ("parse", "utf8", "nul")

NUMBERS = """0 -0 1 -1 0.5 1.0 1.5 1e0 1E+2 1e-2 10e-1 100 9007199254740991 9007199254740992
9007199254740993 9007199254740991.0 9.007199254740991e15 4503599627370495.5 1e15 1e16 1e999 -1e999 1e-999
1000000000 1000000000.0 -1000000000 1000000000.00000001 1000000000.0000002 1000000001 -1000000000.5
999999999.99 0.005 0.004999999999999999 -0.005 1.005 2.675 -2.675 0.125 -0.125 0.49999999999999994 822.26
01 -01 00 1. .5 -.5 +1 - 1e 1e+ 1.e5 1.5.5 --1 0x10 1_0 NaN Infinity -Infinity nan 1e5 1e05 0e0 0.0 -0.0
true false null "" "1" [] {} [1] {"a":1}""".split()
ESCAPES = r"""\" \\ \/ \b \f \n \r \t \u0041 \u00e9 \u20ac \ud83d\ude00 \uD834\uDD1E \u0001 \u001f \u007f \u0000
\ud800 \udc00 \ud800\u0041 \udc00\ud800 \u12 \u12G4 \u+123 \x41 \a \0 \' \U0041 \uFFFF \ufeff \u0020""".split()
RAW = [b"\x00", b"\x01", b"\t", b"\x1f", b"\x7f", b"\x80", b"\xbf", b"\xc0\x80", b"\xc1\xbf", b"\xc2\x80",
       b"\xc3\xa9", b"\xc3", b"\xe0\x80\x80", b"\xe0\xa0\x80", b"\xe2\x82\xac", b"\xe2\x82", b"\xed\x9f\xbf",
       b"\xed\xa0\x80", b"\xed\xbf\xbf", b"\xef\xbb\xbf", b"\xef\xbf\xbf", b"\xf0\x80\x80\x80",
       b"\xf0\x90\x80\x80", b"\xf0\x9f\x98\x80", b"\xf4\x8f\xbf\xbf", b"\xf4\x90\x80\x80",
       b"\xf5\x80\x80\x80", b"\xff", b"\xfe", b" ", b"\x0b", b"\x0c", b"\r", b"A", b"Z", b"z", b"|", b":", b"\x85"]
PUNCTUATION = [b"{", b"}", b"[", b"]", b",", b":", b'"', b"\\", b"/", b"'", b"-", b"+", b".", b"e", b"0", b"9"]
FIELDS = ["id", "name", "value", "tags", "ts", "ID", "Tags", "nam", "names", "", "x", "\\u0069d", "t\\u0073"]


def text(chance):
    """A JSON string's inside: letters, escapes, bytes of all kinds; mostly in order."""
    parts = []
    for _ in range(chance.choice((0, 1, 1, 2, 3, 5, 8, 15, 16, 17, 31, 33))):
        kind = chance.random()
        if kind < 0.75:
            parts.append(bytes((chance.choice(b"abcxyzABCXYZ019 :-_"),)))
        elif kind < 0.85:
            parts.append(chance.choice((b"\xc3\xa9", b"\xe2\x82\xac", b"\xf0\x9f\x98\x80", b"\\t", b"\\n", b" ", b"\\u00e9")))
        elif kind < 0.997:
            parts.append(chance.choice((b"a", b"B", b"\\\\", b'\\"', b"\\/")))
        else:
            parts.append(chance.choice((chance.choice(ESCAPES).encode(), chance.choice(RAW))))
    return b"".join(parts)


def value_for(name, chance):
    if chance.random() < 0.05:
        return chance.choice(NUMBERS).encode()
    if name in ("id", "ts"):
        return str(chance.choice((1, 7, 999, 10**6, 1700000000123, 2**53 - 1, chance.randrange(1, 2**53)))).encode()
    if name == "value":
        return repr(chance.choice((0, 1, -1, 0.005, 12.345, -12.345, 1e9, -1e9, chance.uniform(-1e9, 1e9),
                                   round(chance.uniform(-1e4, 1e4), chance.randrange(6))))).encode()
    if name == "tags":
        count = chance.choice((0, 1, 1, 2, 2, 3, 5, 15, 16, 17, 20, 63, 64, 65))
        tags = [b'"' + text(chance) + b'"' for _ in range(count)]
        if chance.random() < 0.3:
            tags = [chance.choice(tags) for _ in tags]
        return b"[" + b",".join(tags) + b"]"
    return b'"' + text(chance) + b'"'


def built(chance):
    """A record made of parts: fields in any order, some missing, some twice, some unknown."""
    names = ["id", "name", "value", "tags", "ts"]
    if chance.random() < 0.3:
        names.append(chance.choice(FIELDS))
    if chance.random() < 0.1:
        names.remove(chance.choice(names))
    if chance.random() < 0.5:
        chance.shuffle(names)
    blank = (lambda: chance.choice((b"", b" ", b"\t", b" \r"))) if chance.random() < 0.2 else lambda: b""
    fields = [b'"' + name.encode() + b'"' + blank() + b":" + blank() + value_for(name, chance) for name in names]
    return b"{" + b",".join(blank() + field + blank() for field in fields) + b"}" + blank()


def mutated(line, chance):
    """One to three changes of single bytes or short pieces anywhere in the line."""
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        at = chance.randrange(len(line) + 1)
        kind = chance.randrange(7)
        piece = chance.choice((chance.choice(PUNCTUATION), chance.choice(RAW), chance.choice(NUMBERS).encode(),
                               chance.choice(ESCAPES).encode(), bytes((chance.randrange(256),))))
        if kind == 0:
            line = line[:at] + line[at + 1:]
        elif kind == 1:
            line = line[:at] + piece + line[at:]
        elif kind == 2:
            line = line[:at] + piece + line[at + len(piece):]
        elif kind == 3:
            end = min(len(line), at + chance.randrange(1, 20))
            line = line[:at] + line[at:end] + line[at:]
        elif kind == 4:
            line = line[:at] + line[at + chance.randrange(1, 40):]
        elif kind == 5:  # a whole value for another one
            ends = [i for i in range(at, len(line)) if line[i] in b",]}"]
            colon = line.rfind(b":", 0, at)
            if ends and colon >= 0:
                line = line[:colon + 1] + chance.choice(NUMBERS).encode() + line[ends[0]:]
        else:
            line = chance.choice((line + piece, piece + line, line + b" " + piece))
    return line


def nested(chance):
    depth = chance.choice((1, 2, 50, 400))
    opening = chance.choice((b"[", b'{"a":'))
    closing = b"]" if opening == b"[" else b"}"
    return (b'{"x":' + opening * depth + b"1" + closing * (depth - chance.choice((0, 0, 0, 1))) +
            b',"id":1,"name":"n","tags":["a"],"ts":5}')


def make_lines(seed, count):
    chance = random.Random(seed)
    lines = []
    for i in range(count):
        kind = chance.random()
        if kind < 0.2:
            line = mutated(reference.generate(seed, i), chance)
        elif kind < 0.65:
            line = built(chance)
        elif kind < 0.98:
            line = mutated(built(chance), chance)
        else:
            line = nested(chance)
        # a newline ends a line, a blank one is skipped, an array's bracket must not come first
        line = line.replace(b"\n", b" ")
        if line.strip(b" \t\r"):
            lines.append(line)
    return [b"{}"] + lines


def expected(lines):
    result = {"accepted": 0, "digest": 0, "score_sum": 0, "text": 0}
    for line in lines:
        try:
            digest, score = reference.process(line)
            result["accepted"] += 1
            result["digest"] = (result["digest"] + digest) & reference.MASK
            result["score_sum"] += score
        except reference.Refused as refused:
            result[refused.args[0]] = result.get(refused.args[0], 0) + 1
    return result


def actual(program, lines):
    run = subprocess.run([program, "run", "-", "--json", "--workers", "2", "--request", "500"],
                         input=b"\n".join(lines) + b"\n", capture_output=True, check=True)
    told = json.loads(run.stdout)
    result = {"accepted": told["accepted"], "digest": int(told["digest"], 16), "score_sum": told["score_sum"],
              "text": 0}
    for reason, count in told["rejected_by"].items():
        reason = "text" if reason in TEXT_REASONS else reason
        result[reason] = result.get(reason, 0) + count
    return result


def narrowed(program, lines):
    """The least of the lines on which the two differ. The first line is always {}, so that no array begins."""
    while len(lines) > 2:
        half = len(lines) // 2
        parts = [lines[:half], lines[:1] + lines[half:]]
        lines = next((part for part in parts if expected(part) != actual(program, part)), None)
        if lines is None:
            return []
    return lines[1:]


def main():
    folder = sys.argv[1]
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 6000
    lines = make_lines(seed, count)
    wanted = expected(lines)
    print("%d lines: %s" % (len(lines), wanted))
    if not 0.1 < wanted["accepted"] / len(lines) < 0.9:
        sys.exit("the lines are too good or too bad to tell anything")
    for build in BUILDS:
        program = "%s/fastenough-%s" % (folder, build)
        told = actual(program, lines)
        if told != wanted:
            print("%s differs: %s" % (build, told))
            for line in narrowed(program, lines):
                print("first on %r\nreference: %s\nprogram:   %s" % (
                    line, expected([b"{}", line]), actual(program, [b"{}", line])))
            sys.exit(1)


if __name__ == "__main__":
    main()

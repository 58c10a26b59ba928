"""The whole computation a second time, in Python and from its definition: generator, rules, digest.

Nothing here is taken from the C code, so that the two can be held against each other.
"""
import json
import math

MASK = (1 << 64) - 1
WORDS = ("region zone env host rack team app tier version build shard queue device model user "
         "cluster").split()
INTEGER_MAX = 2**53 - 1


def generate(seed, i):
    """Line i (from 0) of the records of `seed`, as bytes without the newline."""
    state = (seed ^ (i + 1) * 0xD1B54A32D192ED03) & MASK

    def draw(limit):
        nonlocal state
        state = (state + 0x9E3779B97F4A7C15) & MASK
        z = state
        z = ((z ^ z >> 30) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ z >> 27) * 0x94D049BB133111EB) & MASK
        return (z ^ z >> 31) % limit

    name = "sensor-%d" % (1000 + draw(9000))
    if draw(500) == 0:
        name = ""
    hundredths = draw(1000000)
    value = ("%d.%02d" % divmod(hundredths, 100)).rstrip("0").rstrip(".")
    ts = 1700000000000 + draw(86400000)
    tags = []
    for _ in range(8 + draw(25)):
        word, number, style = WORDS[draw(16)], draw(1000), draw(16)
        tag = "%s:%d" % (word, number)
        tags.append(tag.upper() if style == 0 else " %s " % tag if style == 1 else tag)
    if draw(4) == 0:
        tags.sort(key=str.encode)
    line = '{"id":%d,"name":"%s","value":%s,"tags":[%s],"ts":%d}' % (
        i + 1, name, value, ",".join('"%s"' % tag for tag in tags), ts)
    return line.encode()[:len(line) // 2 if i % 1000 == 999 else None]


class Refused(Exception):
    """Why a record is not accepted: its argument is the reason's name."""


def refuse_constant(name):
    raise ValueError(name + " is none of JSON's numbers")


def has_lone_surrogate_or_nul(value):
    """In any string of a parsed value, names of fields included. cJSON refuses lone surrogates."""
    rest = [value]
    while rest:
        part = rest.pop()
        if isinstance(part, str) and any(c == "\0" or "\ud800" <= c <= "\udfff" for c in part):
            return True
        if isinstance(part, list):
            rest.extend(part)
        elif isinstance(part, Fields):
            rest.extend(item for pair in part.pairs for item in pair)
    return False


class Fields:
    """An object's fields, all of them: of those with one name the last one counts."""

    def __init__(self, pairs):
        self.pairs = pairs
        self.by_name = dict(pairs)


def parse(line):
    """An object as Fields, anything else as json gives it. Raises Refused("text") if it is no JSON."""
    try:
        value = json.loads(line.decode("utf-8"), object_pairs_hook=Fields,
                           parse_constant=refuse_constant)
    except (ValueError, RecursionError):
        raise Refused("text") from None
    if has_lone_surrogate_or_nul(value):
        raise Refused("text")
    return value


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_whole(value):
    return is_number(value) and 1 <= value <= INTEGER_MAX and value == int(value)


def check(fields, name, is_right):
    """The field's value, if it is there and right."""
    if name not in fields.by_name or not is_right(fields.by_name[name]):
        raise Refused(name)
    return fields.by_name[name]


def round_half_away(x):
    whole = math.trunc(x)
    return whole + int(math.copysign(1, x)) if abs(x - whole) >= 0.5 else whole


def truncated_remainder(a, b):
    return int(math.copysign(1, a)) * (abs(a) % b)


def normalised(tags):
    stripped = (tag.encode().strip(b"\t\n\v\f\r ").lower() for tag in tags)
    return [tag for tag in stripped if tag]


def process(line):
    """(digest, score) of a record. Raises Refused."""
    fields = parse(line)
    if not isinstance(fields, Fields):
        raise Refused("object")
    ident = int(check(fields, "id", is_whole))
    name = check(fields, "name", lambda v: isinstance(v, str) and v != "")
    value = 0
    if "value" in fields.by_name:
        value = check(fields, "value", lambda v: is_number(v) and abs(v) <= 1e9)
    tags = check(fields, "tags", lambda v: isinstance(v, list) and 1 <= len(v) <= 64 and
                 all(isinstance(tag, str) for tag in v))
    ts = int(check(fields, "ts", is_whole))

    tags = sorted(normalised(tags))
    key = b"%d:%s" % (ident, name.encode()) + b"".join(b"|" + tag for tag in tags)
    fingerprint = 14695981039346656037
    for byte in key:
        fingerprint = ((fingerprint ^ byte) * 1099511628211) & MASK
    score = round_half_away(float(value) * 100) * (1 + len(tags)) + ts % 1000
    score += sum((i + 1) * len(tag) for i, tag in enumerate(tags))
    score = truncated_remainder(score, 1000003)
    digest = fingerprint
    for number in (ident, score, len(tags), ts):
        digest = ((digest ^ (number & MASK)) * 0x9E3779B97F4A7C15) & MASK
        digest ^= digest >> 32
    return digest, score

"""Pages of other documents than the example, and what their texts say."""

import json
import os
import pathlib
import re
import subprocess

BUILD = pathlib.Path(os.environ.get("BUILD", "build"))
UNITS = {
    "ns": 1,
    "us": 1e3,
    "ms": 1e6,
    "s": 1e9,
    "B": 1,
    "KiB": 1 << 10,
    "MiB": 1 << 20,
    "GiB": 1 << 30,
    "TiB": 1 << 40,
}


def number(text):
    """What a text of the page says: '2.27 ms' is 2270000.0."""
    found = re.fullmatch(r"(-?[\d,.]+(?:e-?\d+)?)(?: ?(\S+))?", text.strip())
    if not found:
        raise AssertionError(f"no number: {text!r}")
    return float(found[1].replace(",", "")) * UNITS.get(found[2], 1)


def is_close(text, value):
    """Whether a text shows this value, rounded to three digits."""
    return abs(number(text) - value) <= abs(value) * 0.0051


def make_page(document, folder, raw=None):
    """The page of another document, which may lack all but its schema, in a folder of its own; `raw` is
    a folder of raw files for it."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    if raw and not (folder / "raw").exists():
        (folder / "raw").symlink_to(raw.resolve())
    document = {**document, "schema": "fastenough-compare", "schema_version": 2}
    (folder / "compare.json").write_text(json.dumps(document))
    subprocess.run([BUILD / "bin/page", folder], check=True, stdout=subprocess.DEVNULL)
    return (folder / "index.html").resolve().as_uri()


def texts_replaced(value, text):
    if isinstance(value, dict):
        return {name: texts_replaced(each, text) for name, each in value.items()}
    if isinstance(value, list):
        return [texts_replaced(each, text) for each in value]
    return text if isinstance(value, str) else value

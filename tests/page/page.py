#!/usr/bin/python3
"""index.html in a real browser: what it says, draws, does, and does not ask for.

    tests/page/page.py [--folder FOLDER]     a results folder; one is made without

BUILD names the folder with the programs (build). Says what Criterion says at its end, so that tests/run.sh
can add it up. No test asserts on time.
"""
import base64
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import unittest

from selenium.webdriver.common.keys import Keys

sys.dont_write_bytecode = True  # nothing is left in the source's folder
from browser import Browser  # noqa: E402
from pages import BUILD, is_close, make_page, number, texts_replaced  # noqa: E402

FOLDER = BUILD / "tests/page"
LARGEST_BYTES = 6 << 20


class Page(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.browser = Browser()
        cls.document = json.loads((FOLDER / "compare.json").read_text())
        cls.url = (FOLDER / "index.html").resolve().as_uri()
        cls.others = tempfile.TemporaryDirectory(prefix="pages-")

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()
        cls.others.cleanup()

    def setUp(self):
        self.run_script = self.browser.run

    def load(self, url=None, **how):
        self.browser.open(url or self.url, **how)

    def expect_drawn(self):
        self.assertEqual(self.browser.errors(), [])
        self.assertEqual(self.run_script("return document.documentElement.dataset.drawn"), "true")
        self.assertNotIn(
            "could not draw",
            self.run_script(
                "return document.body.textContent.replace(document.getElementById('program').textContent, '')"
            ),
        )

    def other(self, name, document, raw=False):
        return make_page(document, pathlib.Path(self.others.name) / name, FOLDER / "raw" if raw is True else raw or None)

    def test_draws_without_errors(self):
        self.load()
        self.expect_drawn()

    def test_asks_for_nothing_but_itself(self):
        self.load()
        self.run_script("window.scrollTo(0, document.body.scrollHeight)")
        self.assertEqual([url for url in self.browser.requests() if not url.startswith("about:")], [self.url])

    def test_is_one_small_file(self):
        self.assertLess((FOLDER / "index.html").stat().st_size, LARGEST_BYTES)

    def test_has_marks_in_each_chart(self):
        """Not only Chart.js's own count: there is ink on each canvas."""
        self.load()
        charts = self.run_script(
            """
            return [...document.querySelectorAll('canvas')].map((canvas) => {
                const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
                let inked = 0;
                for (let i = 3; i < pixels.length; i += 4) inked += pixels[i] > 0;
                return [canvas.closest('figure').id, Number(canvas.dataset.marks), inked];
            })"""
        )
        self.assertGreaterEqual(len(charts), 12)
        for figure, marks, inked in charts:
            self.assertGreater(marks, 1, figure)
            self.assertGreater(inked, 1000, figure)
        of = {figure: marks for figure, marks, _ in charts}
        self.assertEqual(of["costs"], 16)
        self.assertEqual(of["waterfall"], 6)
        curve = self.document["lessons"][0]["curves"][0]
        self.assertGreaterEqual(of[f"curve-{curve['name']}"], len(curve["naive"]) + len(curve["fixed"]))

    def test_has_the_same_parts_in_each_lesson(self):
        self.load()
        for index, lesson in enumerate(self.document["lessons"], 1):
            parts = self.run_script(
                """
                const section = document.getElementById(arguments[0]);
                return ['canvas', `#code-${arguments[1]} table.code tr.differs`, 'table.metrics', `#tools-${arguments[1]} li`]
                    .map((part) => section.querySelectorAll(part).length)""",
                f"lesson{index}",
                lesson["id"],
            )
            self.assertTrue(all(parts), (lesson["id"], parts))

    def test_shows_the_numbers_of_the_document(self):
        """In the verdict as in the tables: the same texts, and they say what the document says."""
        self.load()
        rows = self.run_script(
            """
            return [...document.querySelectorAll('section')].flatMap((section) =>
                [...section.querySelectorAll('table.metrics tbody tr')].map((row) =>
                    [section.id, ...[...row.cells].map((cell) => (cell.firstChild || cell).textContent)]))"""
        )
        shown = {(row[0], row[1].strip()): [text.strip() for text in row[2:]] for row in rows}
        metrics = [
            (f"lesson{i}", metric) for i, lesson in enumerate(self.document["lessons"], 1) for metric in lesson["metrics"]
        ]
        metrics += [("whole", metric) for metric in self.document["whole"]["metrics"]]
        for section, metric in metrics:
            _, naive, fixed, ratio, interval = shown[section, metric["label"]][:5]
            self.assertTrue(is_close(naive, metric["naive"]), (metric["label"], naive, metric["naive"]))
            self.assertTrue(is_close(fixed, metric["fixed"]), (metric["label"], fixed, metric["fixed"]))
            if metric["unbounded"]:
                self.assertEqual(ratio, "\u221e")
            else:
                self.assertTrue(is_close(ratio.rstrip("x"), metric["ratio"]), (ratio, metric["ratio"]))
            if not metric["exact"] and metric["ci_low"] is not None:
                self.assertTrue(is_close(interval.split("\u2013")[0], metric["ci_low"]), interval)
        cards = self.run_script(
            "return [...document.querySelectorAll('.card')].map((card) => [...card.querySelectorAll('.big, .what, .naive, .fixed')].map((part) => part.textContent))"
        )
        self.assertEqual(len(cards), len(self.document["lessons"]))
        for index, (ratio, label, naive, fixed) in enumerate(cards, 1):
            self.assertEqual([naive, fixed, ratio], shown[f"lesson{index}", label][1:4])

    def test_has_a_third_column_for_somebodys_own_files(self):
        """In the cards, the tables and the curves; and guesses stand beside what was measured."""
        document = json.loads(json.dumps(self.document))
        document["yours"] = {"folder": "/home/ada/hw", "created": document["created"]}
        for part in [*document["lessons"], document["whole"]]:
            for metric in part["metrics"]:
                own = {name: metric[name] for name in ("ratio", "ci_low", "ci_high", "unbounded", "verdict")}
                metric["yours"] = {"value": metric["naive"] / 8, **own}
            for curve in part.get("curves", []):
                curve["yours"] = [[x, y * 2] for x, y in curve["fixed"]]
        document["guesses"] = {
            "committed": document["created"],
            "points": 50,
            "order": "You thought wrong.",
            "list": [{"lesson": "key", "metric": "time_alone", "label": "time, this fix alone", "guess": 77,
                      "measured": 2, "ci_low": 1.9, "ci_high": 2.1, "exact": False, "verdict": "better", "off": 38.5,
                      "is_right": False, "points": 2.6, "belief": "Wrong: how much."}],
        }  # fmt: skip
        url = self.other("yours", document, raw=True)
        self.load(url, width=400)
        self.assertLessEqual(self.run_script("return document.documentElement.scrollWidth"), 400)
        places = self.run_script(
            """
            return [...document.querySelectorAll('#lesson1 table.metrics tbody tr:first-child td')].map((cell) =>
                [cell.getBoundingClientRect().top, cell.getBoundingClientRect().left])"""
        )
        self.assertEqual(places, sorted(places), "on a phone the numbers are out of their order")
        self.load(url)
        self.expect_drawn()
        cards = self.run_script(
            "return [...document.querySelectorAll('.card .yours')].map((one) => one.textContent)"
        )
        self.assertEqual(len(cards), 4)
        for card, lesson in zip(cards, document["lessons"]):
            headline = next(m for m in lesson["metrics"] if m["name"] == lesson["headline"])
            self.assertTrue(is_close(card.split(" ", 1)[1].split(",")[0], headline["naive"] / 8), card)
        titles = self.run_script(
            "return [...document.querySelectorAll('#lesson1 table.metrics thead th')].map((one) => one.textContent)"
        )
        self.assertIn("yours", titles)
        self.assertIn("naive/yours", titles)
        labels = self.run_script(
            "return [...document.querySelectorAll('#lesson1 canvas')].map((one) => one.getAttribute('aria-label') || '')"
        )
        self.assertTrue(any("yours: from" in label for label in labels), labels)
        guesses = self.run_script("return document.getElementById('guesses').textContent")
        for words in ("77.0x", "38.5x", "Wrong: how much.", "You thought wrong."):
            self.assertIn(words, guesses)

    def test_writes_numbers_as_the_tables_do(self):
        """What the script formats (each tool's sight of each problem) against what C formatted."""
        self.load()
        by_script = self.run_script(
            "return [...document.querySelectorAll('.tools li')].map((item) => item.querySelector('.seen').textContent)"
        )
        by_c = self.run_script("return document.getElementById('visibility').textContent")
        self.assertEqual(len(by_script), len(self.document["visibility"]["cells"]))
        for text in by_script:
            values = re.search(r"[\d.,e-]+( \w+)? \u2192 [\d.,e-]+( [KMGT]?i?B| [num]?s)?", text)[0]
            self.assertIn(values, by_c)

    def test_draws_the_builds_of_each_metric(self):
        self.load()
        names = self.run_script(
            "return [...document.querySelectorAll('#builds .choice button')].map((button) => button.dataset.id)"
        )
        self.assertEqual(names, [metric["name"] for metric in self.document["build_metrics"]])
        for name in names:
            self.run_script("document.querySelector(`#builds button[data-id='${arguments[0]}']`).click()", name)
            words = self.run_script("return document.querySelector('#costs canvas').getAttribute('aria-label')")
            self.assertEqual(words.count(";"), 15, name)
        self.expect_drawn()

    def test_one_thread_at_a_time_holds_the_naive_lock(self):
        """The picture of the lock shows what is true of a lock."""
        self.load()
        timelines = {
            one["side"]: one["threads"]
            for one in self.run_script(
                "return JSON.parse(document.getElementById('evidence').textContent).timelines"
            )
        }
        self.assertEqual(set(timelines), {"naive", "fixed"})
        holds = sorted(piece[:2] for thread in timelines["naive"] for piece in thread if piece[2] == "holds")
        self.assertGreater(len(holds), 10)
        for (_, end), (start, _) in zip(holds, holds[1:]):
            self.assertLessEqual(end, start)
        for threads in timelines.values():
            for thread in threads:
                for (_, end, _), (start, _, _) in zip(thread, thread[1:]):
                    self.assertLessEqual(end, start)
        self.assertEqual(self.run_script("return document.querySelectorAll('#timeline canvas').length"), 2)

    def test_costs_stand_at_their_lines(self):
        self.load()
        costly = self.run_script(
            """
            const rows = [...document.querySelectorAll('#code-key tr')].filter((row) => row.querySelector('td.naive.cost .amount'));
            return rows.map((row) => [row.querySelector('td.naive.text').textContent, row.querySelector('td.naive.cost').textContent])"""
        )
        most = max(costly, key=lambda row: number(row[1]))
        self.assertIn("appended(", most[0] + "appended(" * ("snprintf" in most[0]))
        self.assertGreater(number(most[1]), 1000)
        heads = self.run_script(
            "return [...document.querySelectorAll('#code-workers tr.function + tr')].map((row) => [...row.querySelectorAll('td.text')].map((cell) => cell.textContent))"
        )
        self.assertTrue(any("workers_new(" in left and "workers_new(" in right for left, right in heads), heads)
        self.run_script("document.querySelector('#code-key button[data-id=bytes]').click()")
        heap = self.run_script(
            "return [...document.querySelectorAll('#code-key td.naive.cost .amount')].map((cell) => cell.textContent)"
        )
        self.assertTrue(heap and all(text.endswith("B") for text in heap), heap)
        self.run_script("document.querySelector('#code-key button[data-id=samples]').click()")
        sampled = self.run_script(
            """
            const rows = [...document.querySelectorAll('#code-key tr')].filter((row) => row.querySelector('td.naive.cost .amount'));
            return rows.map((row) => [row.querySelector('td.naive.text').textContent, row.querySelector('td.naive.cost').textContent])"""
        )
        self.assertRegex(max(sampled, key=lambda row: number(row[1]))[0], r"appended\(|snprintf\(")
        self.assertIn("samples of nothing fixed", self.run_script("return document.getElementById('code-key').textContent"))

    def frames(self):
        return {
            frame[0]: frame[1:]
            for frame in self.run_script(
                """
            return [...document.querySelectorAll('.flame .frame')].map((frame) =>
                [frame.getAttribute('aria-label').split(':')[0], parseFloat(frame.style.width), frame.className, frame.style.background])"""
            )
        }

    def test_flame_graph_zooms_and_comes_back(self):
        self.load()
        before = self.frames()
        self.assertGreater(len(before), 8)
        self.assertLess(before["key_build"][0], 90)
        frame = "[...document.querySelectorAll('.flame .frame')].find((one) => one.getAttribute('aria-label').startsWith('key_build:'))"
        self.run_script(f"{frame}.click()")
        after = self.frames()
        self.assertEqual(after["key_build"][0], 100)
        self.assertIn("above", after["worker_process"][1])
        self.assertNotIn("record_parse", after)
        self.run_script("document.querySelector('.controls .reset').click()")
        self.assertEqual(self.frames(), before)

    def test_flame_graph_goes_by_keys(self):
        self.load()
        focused = "return document.activeElement.getAttribute('aria-label').split(':')[0]"
        self.run_script("document.querySelector('.flame .frame[tabindex=\"0\"]').focus()")
        keys = self.browser.driver.switch_to
        self.assertEqual(self.run_script(focused), "worker_process")
        keys.active_element.send_keys(Keys.ARROW_UP)
        widest = self.run_script(focused)
        self.assertNotEqual(widest, "worker_process")
        keys.active_element.send_keys(Keys.ENTER)
        self.assertEqual(self.frames()[widest][0], 100)
        keys.active_element.send_keys(Keys.ESCAPE)
        self.assertEqual(self.frames()["worker_process"][1].strip(), "frame")

    def test_flame_graph_searches(self):
        self.load()
        self.browser.driver.find_element("css selector", ".controls input").send_keys("key_build")
        found = [name for name, frame in self.frames().items() if "found" in frame[1]]
        self.assertEqual(found, ["key_build"])
        self.assertRegex(
            self.run_script("return document.querySelector('.flame + .details').textContent"),
            r'"key_build": 1 frames, .* of all',
        )

    def test_difference_shows_what_vanished_and_what_is_new(self):
        self.load()
        views = {}
        for view in ("naive", "lost", "gained"):
            self.run_script("document.querySelector(`.controls button[data-id=${arguments[0]}]`).click()", view)
            views[view] = self.frames()
        # what naive/key.c alone calls; its own appended() is inlined by some compilers
        self.assertIn("snprintf", views["lost"])
        self.assertNotIn("snprintf", views["gained"])
        self.assertIn("--fixed", views["lost"]["snprintf"][2])
        self.assertNotEqual(views["naive"]["snprintf"][2], views["lost"]["snprintf"][2])

    def test_lessons_lead_to_their_flame_graphs(self):
        self.load()
        self.run_script("document.querySelector('#code-sort a[href=\"#flames\"]').click()")
        self.assertIn(
            "sort: instructions", self.run_script("return document.querySelector('#flame figcaption').textContent")
        )

    def test_all_flame_graphs_can_be_chosen(self):
        self.load()
        names = self.run_script(
            "return [...document.querySelectorAll('#flames > .choice button')].map((button) => button.dataset.id)"
        )
        self.assertEqual(len(names), 7)
        for name in names:
            self.run_script(
                "document.querySelector(`#flames > .choice button[data-id='${arguments[0]}']`).click()", name
            )
            self.assertGreater(len(self.frames()), 3, name)
        self.expect_drawn()

    def test_two_commands(self):
        raw = pathlib.Path(self.others.name) / "pair-raw"
        raw.mkdir()
        for side, build in (("before", "nnnn"), ("after", "ffff")):
            for tool in ("callgrind", "massif"):
                (raw / f"{tool}.out.{side}").symlink_to((FOLDER / "raw" / f"{tool}.out.{build}").resolve())
        metric = {
            "name": "instructions", "label": "instructions, in all", "unit": "Ir", "tool": "callgrind",
            "naive": 200, "fixed": 100, "ratio": 2, "ci_low": 2, "ci_high": 2, "exact": True, "verdict": "better",
        }
        sections = [
            {"id": name, "title": f"title of {name}", "headline": "instructions", "metrics": [metric]}
            for name in ("instructions", "heap")
        ]
        subject = {"kind": "commands", "name": "a change", "sides": ["before", "after"], "commands": ["./a", "./b"]}
        self.load(self.other("pair", {"subject": subject, "lessons": sections}, raw))
        self.expect_drawn()
        # the sources are the lessons', which have these words
        told = self.run_script(
            "for (const code of document.querySelectorAll('table.code')) code.style.display = 'none';"
            "return document.getElementById('main').innerText"
        )
        for absent in ("a record", "Nothing fixed", "Theory beside data"):
            self.assertNotIn(absent, told)
        self.assertEqual(
            self.run_script(
                "return [...document.querySelectorAll('#flame .choice button')].map((one) => one.textContent)"
            ),
            ["before", "after", "difference, on before", "difference, on after"],
        )
        self.assertGreater(len(self.frames()), 3)
        self.assertGreater(self.run_script("return document.querySelectorAll('table.code tr.differs').length"), 3)
        self.assertIn("before: at most", self.run_script("return document.getElementById('massif-massif').innerText"))

    def colors(self):
        return self.run_script(
            "return [getComputedStyle(document.body).backgroundColor, document.querySelector('canvas').toDataURL()]"
        )

    def test_is_light_and_dark(self):
        """As the system is, and by the switch; the charts follow."""
        self.load()
        light = self.colors()
        self.load(theme="dark")
        dark = self.colors()
        self.assertNotEqual(light[0], dark[0])
        self.assertNotEqual(light[1], dark[1])
        self.run_script("document.querySelector('button.theme').click()")
        self.assertEqual(self.colors(), light)

    def test_fits_a_phone(self):
        self.load(width=400)
        self.assertLessEqual(self.run_script("return document.documentElement.scrollWidth"), 400)
        self.expect_drawn()

    def test_contents_fit_a_line(self):
        self.load(width=1300)
        room = "const nav = document.querySelector('nav'); return nav.clientWidth - nav.scrollWidth"
        self.assertGreaterEqual(self.run_script(room), 0)

    def test_prints_light(self):
        self.load(theme="dark")
        background = self.colors()[0]
        self.run_script(
            "addEventListener('beforeprint', () => (window.printed = document.documentElement.dataset.theme))"
        )
        pdf = base64.b64decode(self.browser.command("Page.printToPDF", printBackground=True)["data"])
        self.assertEqual(pdf[:5], b"%PDF-")
        self.assertEqual(self.run_script("return window.printed"), "light")
        self.assertEqual(self.colors()[0], background)

    def test_says_all_numbers_without_a_script(self):
        self.load(script=False)
        self.browser.command("Emulation.setScriptExecutionDisabled", value=False)
        tables = self.run_script("return document.querySelectorAll('table.metrics').length")
        self.assertGreaterEqual(tables, 5)
        self.assertIsNone(self.run_script("return document.documentElement.dataset.drawn || null"))

    def test_can_be_read_aloud(self):
        self.load()
        mute = self.run_script(
            """
            const name = (one) => one.getAttribute('aria-label') || one.textContent.trim();
            return [...document.querySelectorAll('canvas, button, input, [role=region], [role=group], nav, figure')]
                .filter((one) => !name(one)).map((one) => one.outerHTML.slice(0, 99))"""
        )
        self.assertEqual(mute, [])
        doubles = self.run_script(
            "const ids = [...document.querySelectorAll('[id]')].map((one) => one.id); return ids.filter((id, at) => ids.indexOf(id) !== at)"
        )
        self.assertEqual(doubles, [])
        dead = self.run_script(
            "return [...document.querySelectorAll('a[href^=\"#\"]')].map((one) => one.hash.slice(1)).filter((id) => !document.getElementById(id))"
        )
        self.assertEqual(dead, [])

    def test_marks_can_be_walked_with_the_keys(self):
        self.load()
        canvas = self.browser.driver.find_element("css selector", "#lesson1 canvas")
        before = self.run_script("return arguments[0].toDataURL()", canvas)
        self.run_script("arguments[0].focus()", canvas)
        canvas.send_keys(Keys.ARROW_RIGHT)
        self.assertNotEqual(self.run_script("return arguments[0].toDataURL()", canvas), before)

    def test_one_lesson_alone(self):
        """What FIX=sort leaves out is said, not left blank."""
        document = dict(
            self.document,
            only_lesson="sort",
            lessons=[self.document["lessons"][1]],
            attribution=[],
            interactions=[],
            whole={"metrics": []},
        )
        del document["sweep"], document["load"]
        self.load(self.other("one", document, raw=True))
        self.expect_drawn()
        text = self.run_script("return document.querySelector('main').innerText")
        self.assertIn("only one lesson was asked for", text)
        self.assertIn("was not swept in this run", text)
        self.assertEqual(
            len(self.run_script("return [...document.querySelectorAll('.card')].map((one) => one.id)")), 1
        )

    def test_without_raw_files(self):
        self.load(self.other("bare", self.document))
        self.expect_drawn()
        text = self.run_script("return document.querySelector('main').innerText")
        self.assertIn("No profiles were found", text)
        self.assertIn("not in this folder", text)

    def test_of_another_schema_there_is_no_page(self):
        folder = pathlib.Path(self.others.name) / "old"
        folder.mkdir()
        (folder / "compare.json").write_text(json.dumps({**self.document, "schema_version": 1}))
        made = subprocess.run([BUILD / "bin/page", folder], stderr=subprocess.PIPE, text=True)
        self.assertEqual(made.returncode, 1)
        self.assertIn("has schema version 1", made.stderr)
        self.assertIn("`make compare`", made.stderr)
        self.assertFalse((folder / "index.html").exists())

    def test_says_what_could_not_be_read(self):
        url = self.other("cut", self.document)
        folder = pathlib.Path(self.others.name) / "cut"
        (folder / "raw").mkdir()
        whole = (FOLDER / "raw/callgrind.out.key.naive").read_text()
        (folder / "raw/callgrind.out.key.naive").write_text(whole[: len(whole) // 2])
        subprocess.run([BUILD / "bin/page", folder], check=True, stdout=subprocess.DEVNULL)
        self.load(url)
        self.expect_drawn()
        self.assertIn(
            "Not shown: raw/callgrind.out.key.naive",
            self.run_script("return document.querySelector('main').innerText"),
        )

    def test_program_says_what_is_wrong(self):
        for arguments, status, words in ([], 2, "usage"), (["/nonexistent"], 1, "make compare"):
            done = subprocess.run([BUILD / "bin/page", *arguments], capture_output=True, text=True)
            self.assertEqual(done.returncode, status)
            self.assertIn(words, done.stderr)

    def test_a_page_that_cannot_be_written_is_not_half_made(self):
        folder = pathlib.Path(self.others.name) / "full"
        self.other("full", self.document)
        before = (folder / "index.html").read_bytes()
        limited = subprocess.run(
            ["sh", "-c", 'trap "" XFSZ; ulimit -f 100; exec "$@"', "sh", BUILD / "bin/page", folder],
            capture_output=True,
            text=True,
        )
        self.assertEqual(limited.returncode, 1)
        self.assertIn("cannot write", limited.stderr)
        self.assertEqual((folder / "index.html").read_bytes(), before)
        self.assertEqual([path.name for path in folder.iterdir() if "index" in path.name], ["index.html"])

    def test_with_nothing_in_it(self):
        for name, document in {
            "empty": {},
            "bare-lesson": {"lessons": [{"id": "key", "metrics": [], "curves": []}]},
        }.items():
            self.load(self.other(name, document))
            self.expect_drawn()

    def test_without_some_of_its_parts(self):
        """Each part of the document is missing once."""
        names = list(self.document)
        for group in range(6):
            document = {name: value for name, value in self.document.items() if name not in names[group::6]}
            self.load(self.other("lacking", document, raw=True))
            self.expect_drawn()

    def test_names_do_nothing(self):
        text = "</script><img src=x onerror=alert(1)>\"'><script>alert(1)</script>"
        self.load(self.other("hostile", texts_replaced(self.document, text)))
        self.assertEqual(self.browser.errors(), [])
        self.assertEqual(
            self.run_script("return document.querySelectorAll('img, script:not([type]):not([id])').length"), 0
        )


class Quiet(unittest.TextTestResult):
    """Lines such as Criterion's: what has begun, and how it ended."""

    def startTest(self, test):
        super().startTest(test)
        self.begun_s = time.monotonic()
        print(f"[RUN ] page::{test._testMethodName}", flush=True)

    def addSuccess(self, test):
        super().addSuccess(test)
        print(f"[PASS] page::{test._testMethodName}: ({time.monotonic() - self.begun_s:.2f}s)", flush=True)

    def told(self, test, error):
        print(f"[FAIL] page::{test._testMethodName}:\n{self._exc_info_to_string(error, test)}", flush=True)

    def addFailure(self, test, error):
        super().addFailure(test, error)
        self.told(test, error)

    def addError(self, test, error):
        super().addError(test, error)
        self.told(test, error)


def main():
    global FOLDER
    if "--folder" in sys.argv:
        FOLDER = pathlib.Path(sys.argv[sys.argv.index("--folder") + 1])
    else:
        subprocess.run(["tests/page/fixture.sh", BUILD, FOLDER], check=True)
    wanted = [each for each in sys.argv[1:] if each.startswith("test_")]
    loader = unittest.TestLoader()
    tests = (
        loader.loadTestsFromNames([f"Page.{each}" for each in wanted], sys.modules[__name__])
        if wanted
        else loader.loadTestsFromTestCase(Page)
    )
    with open(os.devnull, "w") as nowhere:
        result = unittest.TextTestRunner(stream=nowhere, resultclass=Quiet).run(tests)
    bad = len(result.failures) + len(result.errors)
    tested = max(result.testsRun, bad)  # a browser that does not start fails all, and none was run
    print(f"[====] Synthesis: Tested: {tested} | Passing: {tested - bad} | Failing: {bad} | Crashing: 0 ")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())

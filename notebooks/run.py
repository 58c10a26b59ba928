#!/usr/bin/python3
"""Runs notebooks, fresh and headless, into HTML: run.py [--write] --html DIR NOTEBOOK...

Each gets a kernel of its own, of the Python that runs this. A cell that fails ends it with status 1
and names the notebook and the cell. --write puts the outputs into the notebooks themselves, with
metadata that stays the same from run to run; without it the notebooks are not touched.
"""
import argparse
import os
import pathlib
import re
import sys
import time

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbclient.util import run_sync
from nbconvert import HTMLExporter

METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
CELL_SECONDS = 900  # where many measure at once


def tidy(notebook):
    """Leaves what a reader sees, and nothing that differs from one machine to the next."""
    notebook.metadata = nbformat.from_dict(METADATA)
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({})
        for output in cell.get("outputs", []):
            if "metadata" in output:
                output.metadata = nbformat.from_dict({})
            output.pop("transient", None)


def run(path):
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    # no folders to look in: what remains is the kernel of this very Python
    manager = AsyncKernelManager(kernel_spec_manager=KernelSpecManager(kernel_dirs=[]))
    client = NotebookClient(
        notebook, km=manager, timeout=CELL_SECONDS, resources={"metadata": {"path": str(path.parent)}}
    )
    try:
        client.execute()
    finally:
        run_sync(manager.shutdown_kernel)(now=True)
        tidy(notebook)
    return notebook


def export(notebook, path, folder):
    exporter = HTMLExporter()
    exporter.mathjax_url = exporter.require_js_url = ""  # nothing is fetched by who reads it
    page, _ = exporter.from_notebook_node(notebook, {"metadata": {"name": path.stem}})
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{path.stem}.html").write_text(page, encoding="utf-8")


def failure(error):
    if isinstance(error, CellTimeoutError):
        return f"a cell took more than {CELL_SECONDS} s"
    if isinstance(error, DeadKernelError):
        return "its Python ended"
    return re.sub(r"\x1b\[[\d;]*m", "", str(error)).strip()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="put the outputs into the notebooks")
    parser.add_argument("--html", type=pathlib.Path, required=True, help="folder of the pages")
    parser.add_argument("notebooks", type=pathlib.Path, nargs="+")
    options = parser.parse_args()
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"  # a debugger's warning about itself
    count = len(options.notebooks)
    for at, path in enumerate(options.notebooks, 1):
        print(f"[{at}/{count}] {path} ... ", end="", flush=True)
        started = time.monotonic()
        try:
            notebook = run(path.resolve())
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            print(f"failed\n{failure(error)}\n\n{path} failed; nothing was written.", file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            print("\ninterrupted", file=sys.stderr)
            return 130
        nbformat.validate(notebook)
        if options.write:
            nbformat.write(notebook, path)
        executed = options.html / "executed"
        executed.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, executed / path.name)
        export(notebook, path, options.html)
        print(f"{time.monotonic() - started:.0f} s")
    print(f"Read them: {options.html}/*.html")
    return 0


if __name__ == "__main__":
    sys.exit(main())

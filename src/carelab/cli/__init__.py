"""The tasks of ``run.py``.

Modules in reading order: ``main`` (which task), ``reporting`` (lines and seconds on the screen),
``checking``, ``execution`` (chapters in parallel), ``building`` (the book; the instructor's
edition, apart), ``browser`` (find a Chromium), ``testing`` (and benchmarks), ``serving`` (the
pages; the chapters in JupyterLab), ``watching`` (serve while the book is written), ``collecting``
(what a class hands in), ``experimenting`` (policy experiments) and ``experiment_page`` (their
report).
"""

from carelab.cli.main import main

__all__ = ["main"]

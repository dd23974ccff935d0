"""The tasks of ``run.py``.

Modules in reading order: ``main`` (which task), ``reporting`` (lines and seconds on the screen),
``checking``, ``execution`` (chapters in parallel), ``building`` (the book), ``instructing`` (graded
tasks, apart), ``submitting`` (what students exported), ``browser`` (find a Chromium), ``testing``,
``notebooks`` (JupyterLab), ``serving``, ``watching`` (serve while the book is written),
``benchmarking``, ``own_cases`` (a case of the reader's own), ``collecting`` (scenarios of a
class), ``experimenting`` (policy experiments) and ``experiment_page`` (their report).
"""

from carelab.cli.main import main

__all__ = ["main"]

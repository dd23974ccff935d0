"""The tasks of ``run.py``.

Modules in reading order: ``main`` (which task), ``reporting`` (lines and seconds on the screen),
``checking``, ``execution`` (chapters in parallel), ``building`` (the book), ``browser`` (find a
Chromium), ``testing``, ``notebooks`` (JupyterLab), ``serving``, ``benchmarking``.
"""

from carelab.cli.main import main

__all__ = ["main"]

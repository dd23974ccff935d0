"""carelab: an executable course and comparative study of integrated health care.

Read the layers from the bottom up:

- ``carelab.provenance``: find files, read manifests, checksums, interface words
- ``carelab.tracing``: record a model function; write JavaScript and LaTeX
- ``carelab.theory``: one closed-form incentive model per file
- ``carelab.evidence``: sources, claims, cases, indicators, parameters, glossary
- ``carelab.study``: comparison of cases
- ``carelab.plots``, ``carelab.widgets``: draw (figures and tables; the lab)
- ``carelab.sphinx_ext``, ``carelab.cli``: the book and the commands
"""

__version__ = "0.1.0"

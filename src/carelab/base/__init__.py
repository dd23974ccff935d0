"""Where things are and what they are: files, manifests, checksums, words.

Modules in reading order: ``errors`` (one-sentence errors, and file names in them), ``paths`` (find
files inside the project and nowhere else),
``whole_files`` (write a file whole or not at all), ``locks`` (a folder for one run at a time),
``found_files`` (walk folders: what is read, what is left out and why), ``yaml_files`` (plain YAML,
nothing executable), ``own_files`` (what readers write, and what is wrong with it), ``frozen``
(mappings that do not change, contents that can be compared), ``manifests`` (the side-car of a data
file), ``tables`` (a CSV table as it stands), ``levers`` (the levers of every model, and their one
refusal), ``firmness`` (how firm a statement is, in one word), ``identity`` (what a result hangs
on: parsed code and rows), ``checksums`` (hashes, seals, cache names, stale results),
``words`` (the words of the interface), ``palette`` (the colours), ``numbers`` (how
a number is written and compared), ``html_tables`` (the one table and the one badge of pages).
"""

from carelab.base.checksums import (
    broken_seals,
    execution_cache_path,
    file_sha256,
    seal_all,
    stale_results,
)
from carelab.base.errors import CarelabError
from carelab.base.firmness import firmness_of
from carelab.base.identity import code_identity, identity_of
from carelab.base.manifests import Manifest, load_manifest
from carelab.base.paths import data_file, project_root
from carelab.base.words import book_language, load_words, word
from carelab.base.yaml_files import load_yaml

__all__ = [
    "CarelabError",
    "Manifest",
    "book_language",
    "broken_seals",
    "code_identity",
    "data_file",
    "execution_cache_path",
    "file_sha256",
    "firmness_of",
    "identity_of",
    "load_manifest",
    "load_words",
    "load_yaml",
    "project_root",
    "seal_all",
    "stale_results",
    "word",
]

"""The seal of a data file: the hash in its manifest says which version was checked."""

import re
from pathlib import Path

from carelab.base.checksums import file_sha256
from carelab.base.manifests import load_manifest
from carelab.base.paths import project_root
from carelab.base.whole_files import write_whole


def broken_seals(folder: Path | None = None) -> list[str]:
    """List data files that changed since their manifest was sealed.

    Parameters
    ----------
    folder : Path, optional
        Another data folder.

    Returns
    -------
    list of str
        One sentence per file; empty when every seal holds.

    Examples
    --------
    >>> broken_seals()
    []
    """
    base = folder or project_root() / "data"
    problems = []
    for path in sorted(base.glob("*.csv")):
        if not path.with_name(f"{path.name}.yml").is_file():
            problems.append(f"data file '{path.name}' has no manifest '{path.name}.yml'")
        elif load_manifest(path.name, base).sha256 != file_sha256(path):
            problems.append(
                f"data file '{path.name}' changed since its manifest was sealed;"
                " check it, then run 'python3 run.py check --fix'"
            )
    return problems


def seal_all(folder: Path | None = None) -> list[str]:
    """Write the present hash of every data file into its manifest.

    Parameters
    ----------
    folder : Path, optional
        Another data folder.

    Returns
    -------
    list of str
        Names of the files whose seal changed.
    """
    base = folder or project_root() / "data"
    changed = []
    for path in sorted(base.glob("*.csv")):
        manifest = path.with_name(f"{path.name}.yml")
        before = manifest.read_text(encoding="utf-8")
        after = re.sub(r"(?m)^sha256: .*$", f"sha256: {file_sha256(path)}", before)
        if after != before:
            write_whole(manifest, after)
            changed.append(path.name)
    return changed

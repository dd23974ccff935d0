"""Published frames of integrated care: their dimensions, and which codes speak to each."""

from pathlib import Path
from typing import TYPE_CHECKING

from carelab.base import CarelabError
from carelab.evidence.tables import read_table

if TYPE_CHECKING:
    import pandas as pd

CODEBOOK = "codebook"
FRAMES = ("rainbow", "who", "holistic", "evaluation")


def load_frames(frame: str | None = None, folder: Path | None = None) -> "pd.DataFrame":
    """Load the dimensions of the frames.

    Parameters
    ----------
    frame : str, optional
        Keep one frame: ``rainbow``, ``who``, ``holistic`` or ``evaluation``.
    folder : Path, optional
        Another data folder.

    Returns
    -------
    pandas.DataFrame
        Columns as in ``frames.csv.yml``, in the order of each source.

    Raises
    ------
    CarelabError
        When the frame is unknown.

    Examples
    --------
    >>> load_frames("who")["dimension"].tolist()[0]
    'engage_people'
    """
    frames = read_table("frames.csv", folder)
    if frame is None:
        return frames
    if frame not in FRAMES:
        raise CarelabError(f"frame '{frame}' is unknown; known are {', '.join(FRAMES)}")
    return frames[frames["frame"] == frame].reset_index(drop=True)

"""Break text into lines: English between words, Chinese between characters."""

import re
import unicodedata

_CLOSING = "，。、；：？！）》」』”’…%,.;:?!)"
_OPENING = "（《「『“‘("
_HAN = r"\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
# Where a line may break; the space between a number and its unit is another.
_SPACE = r" \t\n"
# A character; a word, cut after a hyphen or slash between letters; a stretch of space.
_PIECE = re.compile(rf"[{_HAN}]|[^{_SPACE}{_HAN}]+?[-/](?=[^\W\d])|[^{_SPACE}{_HAN}]+|[{_SPACE}]+")


def text_width(text: str) -> float:
    """Estimate the width of a text.

    >>> text_width("医保")
    2.0
    """
    return sum(
        1.0 if unicodedata.east_asian_width(sign) in "WF" else 0.64 if sign.isupper() else 0.5
        for sign in text
    )


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    for piece in _PIECE.findall(text):
        glue = pieces and (piece[0] in _CLOSING or pieces[-1][-1] in _OPENING)
        if glue and not piece.isspace():
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return pieces


def wrap_text(text: str, width_em: float) -> list[str]:
    """Break a text into lines of at most a width.

    >>> wrap_text("牵头医院，乡镇", 4)
    ['牵头医', '院，乡镇']
    >>> wrap_text("Lead county hospital", 6.5)
    ['Lead county', 'hospital']
    """
    lines = [""]
    for piece in _pieces(text.strip()):
        if piece.isspace():
            lines[-1] += " " if lines[-1] else ""
        elif lines[-1].strip() and text_width(lines[-1] + piece) > width_em:
            lines.append(piece)
        else:
            lines[-1] += piece
    return [line.strip() for line in lines]


def wrap_evenly(text: str, width_em: float) -> list[str]:
    """Break a text into as few lines as `wrap_text`, of about the same width.

    >>> wrap_evenly("医共体管理委员会", 7)
    ['医共体管', '理委员会']
    """
    count = len(wrap_text(text, width_em))
    narrow = text_width(text) / count
    while narrow < width_em and len(wrap_text(text, narrow)) > count:
        narrow += 0.5
    return wrap_text(text, min(narrow, width_em))

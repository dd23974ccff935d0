"""The two type faces: renamed, small, and with the signs that numbers and arrows need."""

import pytest
from fontTools.ttLib import TTFont

from carelab.sphinx_ext.faces import FACES, face_rules, write_face

# Right arrow, true minus, thin space, narrow no-break space, en dash, quotation marks.
NEEDED = "\u2192\u2212\u2009\u202f–‘’“”½"
_IDS = ("text", "headings")


@pytest.fixture(scope="module", params=range(len(FACES)), ids=_IDS)
def face(request, tmp_path_factory):
    """Cut one face down."""
    made = FACES[request.param]
    path = tmp_path_factory.mktemp("faces") / made.target
    write_face(made, path)
    return made, path


def test_a_face_has_the_arrow_the_true_minus_and_the_thin_spaces(face):
    with TTFont(face[1]) as font:
        known = font.getBestCmap()
    assert [sign for sign in NEEDED if ord(sign) not in known] == []


def test_a_face_cut_down_goes_by_a_name_of_ours_and_keeps_its_licence(face):
    made, path = face
    with TTFont(path) as font:
        names = {record.nameID: str(record) for record in font["name"].names}
    assert names[1] == names[4] == made.name
    assert "Source" not in "".join(names[each] for each in (1, 3, 4, 6) if each in names)
    assert "Open Font License" in names[13]


@pytest.mark.parametrize("face", [0], indirect=True, ids=_IDS[:1])
def test_figures_of_the_text_stand_under_one_another(face):
    with TTFont(face[1]) as font:
        known, widths = font.getBestCmap(), font["hmtx"]
        assert len({widths[known[ord(digit)]][0] for digit in "0123456789"}) == 1


def test_a_face_weighs_little(face):
    assert face[1].stat().st_size < 30_000
    assert f'"fonts/{face[0].target}"' in face_rules()

"""The one exception that a user of carelab meets."""

import re

# Line ends and other signs that steer a terminal, wherever an input brought them along.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


class CarelabError(ValueError):
    r"""A problem told in one sentence: the input, its value and what is allowed.

    Examples
    --------
    >>> str(CarelabError("lever 'contract_share' is 1.4; allowed is 0 to 1"))
    "lever 'contract_share' is 1.4; allowed is 0 to 1"
    >>> str(CarelabError("lever 'contract\nshare' is unknown"))
    "lever 'contract share' is unknown"
    """

    def __init__(self, sentence: str = "") -> None:
        super().__init__(_UNSEEN.sub(" ", sentence))

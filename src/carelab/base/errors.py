"""The one exception that a user of carelab meets."""


class CarelabError(ValueError):
    """A problem told in one sentence: the input, its value and what is allowed.

    Examples
    --------
    >>> str(CarelabError("lever 'contract_share' is 1.4; allowed is 0 to 1"))
    "lever 'contract_share' is 1.4; allowed is 0 to 1"
    """

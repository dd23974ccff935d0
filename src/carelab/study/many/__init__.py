"""Many runs at once: sweeps, experiments, and the scenarios of a whole class.

Modules in reading order: ``sweep`` (any number of scenarios, in blocks), ``draws`` (parameters
drawn), ``page_draws`` (the hypercube that a page makes too), ``ranges`` (where a difference lies),
``experiment`` (a policy experiment declared, run, summed up), ``exchange`` (a scenario for other
programs of system dynamics), ``scenario_files`` (scenarios, predictions and answers as a lab keeps
them, those of a class told apart), ``submissions`` (the same, read for marking), ``county_panel``
(made-up counties whose effect is known, for the chapter on causal evaluation), ``scenario_store``
(a database on disk), ``scenario_database`` (a whole class in one table).
"""

__all__: list[str] = []

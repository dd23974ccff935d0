"""Cases: real systems and policies, coded on one schema, silence included.

Modules in reading order: ``model`` (what a case is), ``reader`` (from a file, or sentences about
it), ``files`` (where cases lie), ``check`` (what a file lacks), ``template`` (a new one),
``presets`` (how a case sets the levers; the reader's own beside ours).
"""

__all__: list[str] = []

"""Cases side by side: what each has, what each leaves open, and how far two readings agree.

The silence of a source is never counted as agreement. Modules in reading order: ``comparison``
(which cases are meant; mechanisms, fields, silence and claims as tables), ``tidy`` (every code in
one frame), ``coders`` (how far two coders agree), ``frames`` (cases on published frames), ``qca``
(combinations of conditions, a package of its own).
"""

__all__: list[str] = []

"""Forms: how a write is edited as text, and how the text becomes a write again.

`form_of(write)` finds the form of a write; `FORMS` is the registry, one entry for each type, where
richer forms (fields, cells, hunks) take their place.  A form is a pair of pure functions:
`form.text(write)` and `form.read(write, text)`, and reading what was written gives the same write.
"""

from ..spelling import spell_out, take_back
from .registry import FORMS, Form, form_of

__all__ = ["FORMS", "Form", "form_of", "spell_out", "take_back"]

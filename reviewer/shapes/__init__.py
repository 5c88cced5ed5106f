"""Shapes: which artifacts may be looked at together, and what differs between them.  Pure.

`shape_of(artifact, reasons) -> Shape` is cheap and stored with every artifact; `sentence(shape)`
says it in words.  `analyse(items) -> Analysis` compares the members of a group.
"""

from .fields import Field
from .sentence import sentence
from .shape import Shape, WriteShape, shape_of

__all__ = ["Field", "Shape", "WriteShape", "sentence", "shape_of"]

"""Shapes: which artifacts may be looked at together, and what differs between them.  Pure."""

from .fields import Field
from .shape import Shape, WriteShape, shape_of

__all__ = ["Field", "Shape", "WriteShape", "shape_of"]

"""Reports in Word: plain documents and pictures in, the bytes of a .docx out."""

from layers.report.content import Parts, Pictures, content_of
from layers.report.engine import Picture, fill
from layers.report.templates import DocumentKind, shipped_template

__all__ = ["DocumentKind", "Parts", "Picture", "Pictures", "content_of", "fill", "shipped_template"]

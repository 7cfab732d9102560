"""Forms: named fields of a picture, which a template gives by their boxes, are read one by one."""

from inkling.reading.forms.form import read_form
from inkling.reading.forms.new_template import field_names, template_text
from inkling.reading.forms.proposal import Proposal, propose
from inkling.reading.forms.result import FormReading
from inkling.reading.forms.template import Field, Template
from inkling.reading.forms.template_file import load_template

__all__ = [
    "Field",
    "FormReading",
    "Proposal",
    "Template",
    "field_names",
    "load_template",
    "propose",
    "read_form",
    "template_text",
]

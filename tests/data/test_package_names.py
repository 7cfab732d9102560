"""A module can be imported by its name: no function or class of the same name stands in its place."""

import importlib
import pkgutil
from types import ModuleType

import pytest


@pytest.mark.parametrize("name", ["inkling.data", "inkling.augmentation", "inkling.synthesis"])
def test_nothing_shadows_a_module(name):
    package = importlib.import_module(name)
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{name}.{module.name}")
        assert isinstance(getattr(package, module.name), ModuleType), f"{name}.{module.name}"

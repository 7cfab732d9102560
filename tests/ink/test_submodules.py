"""No name of a package hides one of its modules: `import inkling.ink.normalization as m` gives the module."""

import importlib
import pkgutil
from types import ModuleType

import pytest


@pytest.mark.parametrize("package", ["inkling.ink", "inkling.reading", "inkling.sheet"])
def test_every_module_can_be_imported_as_one(package):
    found = importlib.import_module(package)
    names = [module.name for module in pkgutil.iter_modules(found.__path__)]
    assert names
    for name in names:
        importlib.import_module(f"{package}.{name}")
        assert isinstance(getattr(found, name), ModuleType), name

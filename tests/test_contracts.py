"""Import contracts are kept, and the checks notice when they are not; names of the package lead where they say."""

import ast
import importlib
import pkgutil
import shutil
import subprocess
import sys

import pytest

import inkling
from needs import ROOT, needs_source

PACKAGE = ROOT / "src" / "inkling"

pytestmark = needs_source("the import contracts are kept")


def lint_imports(root):
    """Exit code and output of import-linter on the package in a folder, with this project's contracts."""
    program = "import sys; sys.path.insert(0, 'src'); from importlinter.cli import lint_imports_command as f; f()"
    command = [sys.executable, "-c", program, "--config", str(ROOT / "pyproject.toml"), "--no-cache"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=120)
    return done.returncode, done.stdout + done.stderr


def test_the_contracts_are_kept():
    code, output = lint_imports(ROOT)
    assert code == 0, output
    assert "5 kept, 0 broken" in output


@pytest.mark.parametrize(
    ("file", "line", "contract"),
    [
        ("nn/linear.py", "import scipy", "The network and the optimizers import nothing but NumPy"),
        ("errors.py", "import rich", "The network and the optimizers import nothing but NumPy"),
        ("optim/rules.py", "def f():\n    import torch", "The network and the optimizers import nothing but NumPy"),
        ("training/loop.py", "from rich import progress", "The training loop imports nothing but NumPy"),
        ("nn/linear.py", "import inkling.optim", "Imports point up the list of rooms only"),
        ("data/dataset.py", "from inkling.nn import Linear", "Imports point up the list of rooms only"),
        ("evaluation/metrics.py", "import inkling.training", "Imports point up the list of rooms only"),
        ("training/loop.py", "from inkling.cli.console import log", "Imports point up the list of rooms only"),
        ("storage.py", "from inkling.nn import Linear", "Imports point up the list of rooms only"),
        (
            "training/step.py",
            "from inkling.evaluation.corruptions import fog",
            "Nothing that learns knows the corruptions",
        ),
        ("data/split.py", "import inkling.evaluation.robustness_trials", "Nothing that learns knows the corruptions"),
    ],
)
def test_a_broken_contract_is_noticed(tmp_path, file, line, contract):
    shutil.copytree(PACKAGE, tmp_path / "src" / "inkling")
    with (tmp_path / "src" / "inkling" / file).open("a") as source:
        source.write(f"\n{line}\n")
    code, output = lint_imports(tmp_path)
    assert code == 1, output
    broken = output.split("Broken contracts")[1]
    assert contract in broken


def imported_by(path):
    """Top-level names of all packages that a file imports, wherever in it."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    names = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            names.add(node.module.split(".")[0])
    return names - set(sys.stdlib_module_names)


FILES = [path for room in ("nn", "optim", "training") for path in PACKAGE.glob(f"{room}/*.py")]
MAY_SET_BLAS_THREADS = ("workers",)  # modules of the engine


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_core_knows_numpy_and_no_other_package(path):
    """The contracts forbid packages by name; this allows one, so that a new one is noticed too."""
    allowed = {"inkling", "numpy"} | ({"threadpoolctl"} if path.stem in MAY_SET_BLAS_THREADS else set())
    allowed |= {"cupy"} if path == PACKAGE / "training" / "cuda.py" else set()
    assert imported_by(path) <= allowed


MODULES = sorted(
    module.name for module in pkgutil.walk_packages(inkling.__path__, "inkling.") if "__main__" not in module.name
)


@pytest.mark.parametrize("name", MODULES)
def test_no_attribute_of_a_package_hides_one_of_its_modules(name):
    """`import inkling.reading.pipeline as m` gives the module, also when the package exports a function."""
    module = importlib.import_module(name)
    parent, _, last = name.rpartition(".")
    package = importlib.import_module(parent)
    assert getattr(package, last) is module
    assert last not in getattr(package, "__all__", ()), "whoever imports the module would replace what is exported"


def test_the_package_lists_what_it_hands_out():
    assert set(dir(inkling)) >= {
        "Model", "Reading", "__version__", "ensemble", "fit", "load", "load_data", "load_model", "read", "read_form"
    }  # fmt: skip
    for name in inkling.__all__:
        assert getattr(inkling, name) is not None


HEAVY = (
    "numpy",
    "PIL",
    "typer",
    "pydantic",
    "rich",
    "cc3d",
    "safetensors",
    "pooch",
    "scipy",
    "matplotlib",
    "inkling.nn",
)


@pytest.mark.parametrize(("module", "needed"), [("inkling", []), ("inkling.cli.__main__", ["typer"])])
def test_importing_the_package_or_its_command_line_imports_nothing_heavy(module, needed):
    program = f"import sys, {module}; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == str(needed)

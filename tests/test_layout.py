"""The shape of the repository: sizes, names, who prints, what is imported when, and what must not be there."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("corpora", "framing", "reports")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
RELATIVE = [str(path.relative_to(ROOT)) for path in MODULES]
# Scripts that a developer runs by hand.
PRINTING = {
    "reports/cli/codebooks.py",
    "reports/cli/coding.py",
    "reports/cli/corpora.py",
    "reports/cli/root.py",
    "reports/cli/studies.py",
}


def _calls(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


def _imports(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _python(code):
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_there_are_modules_in_every_package():
    assert {name.split("/")[0] for name in RELATIVE} == set(PACKAGES)
    assert len(MODULES) > 30


@pytest.mark.parametrize("name", RELATIVE)
def test_a_module_has_at_most_300_lines(name):
    assert len((ROOT / name).read_text(encoding="utf-8").splitlines()) <= 300


def test_no_module_has_a_name_that_says_nothing():
    empty = {"utils", "util", "helpers", "common", "core", "base"}
    assert [name for name in RELATIVE if Path(name).stem in empty] == []


def test_only_the_command_line_prints():
    printing = set()
    for path, name in zip(MODULES, RELATIVE, strict=True):
        calls = set(_calls(ast.parse(path.read_text(encoding="utf-8"))))
        if calls & {"print", "click.echo", "click.secho", "sys.stdout.write", "sys.stderr.write"}:
            printing.add(name)
    assert {name for name in printing if not name.startswith("framing/training/")} == PRINTING


def test_only_the_command_line_reads_arguments_environment_and_clock():
    reading = set()
    for path, name in zip(MODULES, RELATIVE, strict=True):
        source = path.read_text(encoding="utf-8")
        if re.search(r"\bsys\.argv\b|\bargparse\b|\benviron\b|\bgetenv\(|\.today\(\)|\.now\(|\btime\.time\(", source):
            reading.add(name)
    assert {name for name in reading if not name.startswith("framing/training/")} <= PRINTING


def test_nothing_unpickles_evaluates_or_executes():
    forbidden = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "marshal", "shelve", "_pickle"}
    calls = {"eval", "exec", "compile", "__import__", "pd.read_pickle", "pandas.read_pickle", "os.system", "yaml.load"}
    for path, name in zip(MODULES, RELATIVE, strict=True):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert not {module.split(".")[0] for module in _imports(tree)} & forbidden, name
        assert not set(_calls(tree)) & calls, name


def test_nothing_opens_a_network_connection():
    forbidden = {"requests", "httpx", "socket", "aiohttp", "urllib.request", "urllib3", "http.client", "ftplib"}
    for path, name in zip(MODULES, RELATIVE, strict=True):
        found = set(_imports(ast.parse(path.read_text(encoding="utf-8"))))
        assert not found & forbidden, name
        assert "trafilatura.fetch_url" not in found, name


def test_no_other_distribution_owns_one_of_our_packages():
    # Two of the three names are common words: another distribution with one of them would overwrite ours.
    owners = packages_distributions()
    for package in PACKAGES:
        assert set(owners.get(package, ["media-framing"])) == {"media-framing"}


def test_importing_the_three_packages_imports_nothing_heavy():
    heavy = ["pandas", "numpy", "sklearn", "matplotlib", "scipy", "pyarrow", "trafilatura", "nltk", "statsmodels"]
    code = f"import sys, framing, corpora, reports; print([n for n in {heavy} if n in sys.modules])"
    assert _python(code) == "[]"


def test_the_command_line_imports_nothing_heavy_before_a_command_runs():
    heavy = ["pandas", "sklearn", "matplotlib", "pyarrow", "trafilatura"]
    assert _python(f"import sys, reports.cli; print([n for n in {heavy} if n in sys.modules])") == "[]"


HIDES = "{}/__init__.py: {} bears its module's name; once that module is imported, the name means the module"


@pytest.mark.parametrize(
    "package",
    [
        "corpora",
        "framing",
        "reports",
    ],
)
def test_a_name_that_a_package_lists_is_no_module_whatever_was_imported_before(package):
    code = (
        f"import importlib, types, {package} as package\n"
        "for room in package._ROOMS.values(): importlib.import_module(room)\n"
        "print([name for name in package.__all__ if isinstance(getattr(package, name), types.ModuleType)])"
    )
    assert _python(code) == "[]"


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_lists_its_rooms_and_refuses_other_names(package):
    module = importlib.import_module(package)
    assert sorted(module.__all__) == sorted(module._ROOMS)
    with pytest.raises(AttributeError, match=f"module '{package}' has no attribute 'utils'"):
        module.utils  # noqa: B018


def test_each_constraint_is_a_name_and_a_version_and_stands_once():
    lines = _constraints()
    assert all(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*==[0-9][A-Za-z0-9.+!]*", line) for line in lines)
    names = [re.sub(r"[-_.]+", "-", line.split("==")[0]).lower() for line in lines]
    assert len(set(names)) == len(names)


def test_each_dependency_has_a_constraint():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = {re.sub(r"[-_.]+", "-", line.split("==")[0]).lower() for line in _constraints()}
    for line in [*project["dependencies"], *project["optional-dependencies"]["dev"]]:
        name = re.match(r"[A-Za-z0-9._-]+", line)[0]
        assert re.sub(r"[-_.]+", "-", name).lower() in named, name


def _constraints():
    return (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()


def test_the_tests_are_flat_modules_without_a_package():
    assert not list((ROOT / "tests").rglob("__init__.py"))
    assert all(path.parent == ROOT / "tests" for path in (ROOT / "tests").rglob("test_*.py"))


def test_no_shared_data_lies_in_the_repository():
    assert not list(ROOT.glob("**/sputnik-2017-02-01.txt"))
    assert not list(ROOT.glob("**/rt-*.csv.gz"))

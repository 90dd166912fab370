"""What the README, the pages and the docstrings show runs, and gives what they say."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import types
from pathlib import Path

import pytest

import corpora
import framing
import reports

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
MODULES = sorted(
    found.name
    for package in (corpora, framing, reports)
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
)
# What only the extra `train` brings.
TRAIN = {"onnx", "safetensors", "torch", "transformers"}


def loaded(name: str) -> types.ModuleType | None:
    """A module, or None where it needs the extra `train` and that is not installed."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if name.startswith("framing.training.") and error.name in TRAIN:
            return None
        raise


@pytest.mark.parametrize("name", [*MODULES, "corpora", "framing", "reports"])
def test_the_examples_of_a_module_give_what_they_say(name: str) -> None:
    module = loaded(name)
    if module is None:
        pytest.skip("needs the extra train: pip install 'media-framing[train]'")
    failed, _ = doctest.testmod(module)
    assert failed == 0


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_examples_of_a_page_give_what_they_say(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    failed, _ = doctest.testfile(str(page), module_relative=False, encoding="utf-8")
    assert failed == 0


def test_the_modules_are_found_and_many_have_examples() -> None:
    finder = doctest.DocTestFinder(exclude_empty=True)
    modules = [module for name in MODULES if (module := loaded(name))]
    counts = [sum(bool(test.examples) for test in finder.find(module)) for module in modules]
    assert {"framing.training.cameo", "framing.features.letters", "reports.cli", "corpora.readers.html"} <= set(MODULES)
    assert sum(count > 0 for count in counts) >= 20


def test_every_module_says_in_one_sentence_what_it_is() -> None:
    modules = [module for name in MODULES if (module := loaded(name))]
    assert [module.__name__ for module in modules if not (module.__doc__ or "").strip()] == []

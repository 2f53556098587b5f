"""Every example of the documentation is run: of docstrings, and of the README."""

from __future__ import annotations

import doctest
import inspect
from pathlib import Path

import pytest

import target_rules
from target_rules import spark

HERE = Path(__file__).resolve().parents[1]
FLAGS = doctest.NORMALIZE_WHITESPACE


def examples() -> list[doctest.DocTest]:
    """The examples of all that is public, each once."""
    finder = doctest.DocTestFinder(exclude_empty=True)
    found: dict[str, doctest.DocTest] = {}
    for name in target_rules.__all__:
        one = getattr(target_rules, name)
        if inspect.isclass(one) or inspect.isfunction(one):
            scope = {**vars(inspect.getmodule(one) or target_rules), **vars(target_rules)}
            source = inspect.unwrap(one)
            for test in finder.find(source, name, module=False, globs=dict(scope)):
                if test.examples:
                    found[test.name] = test
    for module in (target_rules, spark):
        tests = finder.find(module, module.__name__, globs=dict(vars(module)))
        found |= {one.name: one for one in tests if one.examples and one.name == module.__name__}
    return list(found.values())


@pytest.mark.parametrize("test", examples(), ids=lambda test: test.name)
def test_an_example_of_a_docstring_is_true(test: doctest.DocTest) -> None:
    runner = doctest.DocTestRunner(optionflags=FLAGS)
    output: list[str] = []
    runner.run(test, out=output.append)
    assert runner.failures == 0, "".join(output)


def test_there_are_examples() -> None:
    assert len(examples()) >= 20


def test_examples_of_the_readme_are_true(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (HERE / "README.md").read_text(encoding="utf-8")
    # The fence that ends an example isn't part of what it prints.
    text = text.replace("```\n", "\n")
    monkeypatch.chdir(tmp_path)
    test = doctest.DocTestParser().get_doctest(text, {}, "README.md", "README.md", 0)
    assert len(test.examples) >= 20
    runner = doctest.DocTestRunner(optionflags=FLAGS)
    output: list[str] = []
    runner.run(test, out=output.append)
    assert runner.failures == 0, "".join(output)


def test_all_that_is_public_says_what_it_is() -> None:
    silent = []
    for name in target_rules.__all__:
        one = getattr(target_rules, name)
        if isinstance(one, str):
            continue
        if not inspect.getdoc(one):
            silent.append(name)
        if inspect.isclass(one):
            members = inspect.getmembers(one, inspect.isfunction)
            own = [(key, of) for key, of in members if not key.startswith("_") and key in vars(one)]
            silent += [f"{name}.{key}" for key, of in own if not inspect.getdoc(of)]
    assert not silent

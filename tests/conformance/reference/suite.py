"""Collects cases and writes them, one a line."""

import json
from pathlib import Path

from . import evaluate, syntax, tree


class Raw(str):
    """JSON text that stands in a document as it is, such as `1.50`."""


def to_json(value):
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, dict):
        return (
            "{" + ",".join(f"{json.dumps(key, ensure_ascii=False)}:{to_json(one)}" for key, one in value.items()) + "}"
        )
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(to_json, value)) + "]"
    assert not isinstance(value, float), "binary floating point has no place here"
    return json.dumps(value, ensure_ascii=False)


def plain(value):
    """Whether any reader of JSON keeps the value as it is."""
    if isinstance(value, dict):
        return all(map(plain, value.values()))
    if isinstance(value, (list, tuple)):
        return all(map(plain, value))
    return not isinstance(value, Raw) and not (isinstance(value, int) and abs(value) >= 2**53)


def at(found):
    """An expected error or warning: a code, or a code and the underlined text, or all keys."""
    if isinstance(found, str):
        return {"code": found}
    if isinstance(found, dict):
        return found
    return dict(zip(("code", "at", "names"), found))


class Suite:
    """The cases of one file."""

    every = []

    def __init__(self, name, about):
        self.name, self.about, self.cases, self.counts = name, about, [], {}
        Suite.every.append(self)

    def add(self, group, **keys):
        """A case as it stands; keys without a value are left out."""
        number = self.counts[group] = self.counts.get(group, 0) + 1
        case = {"id": f"{self.name}/{group}-{number}"}
        case.update({key: value for key, value in keys.items() if value is not None})
        self.cases.append(case)

    def decide(self, group, rule, transaction, form="dsl", types=None, **keys):
        """A rule that is right: what it gives follows from the reference."""
        root = syntax.parse(rule, types)
        document = transaction if isinstance(transaction, str) else to_json(transaction)
        expected = evaluate.decide(root, document, keys.get("zone", "UTC"))
        stated = {}
        if form == "tree":
            written, places = tree.compact_with_places(root)
            spans = {node.span: places[id(node)] for node in evaluate.nodes(root)}
            stated["tree"] = written
        else:
            stated["dsl"] = rule
            in_bytes = lambda span: tuple(len(rule[:end].encode()) for end in span)
            spans = {node.span: in_bytes(node.span) for node in evaluate.nodes(root)}
            if syntax.canonical(root) != rule:
                stated["text"] = syntax.canonical(root)
        place = lambda span: spans.get(span) or (
            min(place[0] for node, place in spans.items() if node[0] == span[0]),
            min(place[1] for node, place in spans.items() if node[1] == span[1]),
        )
        faults = sorted((place(span), code) for span, code in expected["faults"])
        whole = transaction if isinstance(transaction, str) or plain(transaction) else document
        self.add(
            group,
            **{key: value for key, value in stated.items() if key not in keys},
            **keys,
            transaction=whole,
            result=expected["result"],
            absent=expected["absent"] or None,
            faults=[{"code": code, "span": list(span)} for span, code in faults] or None,
            items=expected["items"] or None,
        )

    def both(self, group, rule, transaction, **keys):
        """The same by text and by tree."""
        self.decide(group, rule, transaction, **keys)
        self.decide(
            group,
            rule,
            transaction,
            form="tree",
            **{key: value for key, value in keys.items() if key not in ("warnings", "text")},
        )

    def errors(self, group, rule, *found, form="dsl", **keys):
        """A rule that is refused, with the errors that are found."""
        self.add(group, **{form: rule}, **keys, errors=[at(one) for one in found])

    def warns(self, group, rule, *found, **keys):
        """A rule that is right, with the warnings of its author's slips."""
        text = keys.pop("text", None)
        if text is None and "dsl" in keys.get("form", "dsl"):
            text = syntax.canonical(syntax.parse(rule, keys.pop("types", None)))
        form = keys.pop("form", "dsl")
        self.add(group, **{form: rule}, **keys, warnings=[at(one) for one in found], text=text)

    def refused(self, group, rule, transaction, code, pointer=None, names=None, **keys):
        """A transaction that is refused for a rule."""
        whole = transaction if isinstance(transaction, str) or plain(transaction) else to_json(transaction)
        expected = {"code": code, "pointer": pointer, "names": names}
        refused = {key: value for key, value in expected.items() if value is not None}
        self.add(group, dsl=rule, **keys, transaction=whole, refused=refused)

    def text(self):
        lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in self.cases)
        about = json.dumps(self.about, ensure_ascii=False)
        return f'{{"about": {about}, "cases": [\n{lines}\n]}}\n'


def write(folder, check):
    """Writes every file, or says which of them are not as they would be written."""
    stale, total = [], 0
    for suite in Suite.every:
        path = Path(folder) / f"{suite.name}.json"
        text = suite.text()
        assert len(text.encode()) < 400_000, f"{path} is too large to read"
        total += len(suite.cases)
        if check:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                stale.append(path.name)
        else:
            path.write_text(text, encoding="utf-8")
            print(f"{len(suite.cases):5} {path.name}")
    print(f"{total:5} cases")
    return stale

"""The expression tree of a rule, written in the three styles."""

import json

from . import schema

TAGS = {
    "boolean": "boolean:primitive",
    "number": "real:object:primitive",
    "string": "string:object:primitive",
    "date": "date:object:primitive",
    "enum": "enum:string:object:primitive",
}
METHOD = "anonymous:function:primitive"
ITEM_ATTRIBUTE = "EEnum__InvAttr:enum:string:object:primitive"


def leaf(arity, value, tag):
    return {"arity": arity, "value": value, "type": tag}


def tag_of(node):
    if node.kind == "number" or (node.kind == "binary" and node.type == "number"):
        return "number:primitive"
    if node.kind == "prefix":
        return tag_of(node.operands[0])
    return TAGS[node.type]


def build(node):
    """The tree as dictionaries whose keys stand in the order of the law."""
    kind, tag = node.kind, tag_of(node)
    if kind == "boolean":
        return leaf("literal", "true" if node.value else "false", tag)
    if kind in ("number", "string"):
        return leaf("literal", node.value, tag)
    if kind == "name":
        return leaf("name", node.value, tag)
    if kind == "attribute":
        profile, name = node.value
        operands = [leaf("name", profile, schema.TAGS[profile]), leaf("name", name, tag)]
        return {"arity": "object_dereference", "type": tag, "operands": operands}
    if kind in ("call", "method"):
        return {"arity": "method_call", "type": tag, "operands": call_operands(node)}
    arity = "unary_operation" if kind == "prefix" else "binary_operation"
    operands = [build(operand) for operand in node.operands]
    return {"arity": arity, "value": node.value, "type": tag, "operands": operands}


def call_operands(node):
    if node.kind == "method":
        receiver, *arguments = node.operands
        return [build(receiver), leaf("name", node.value, METHOD)] + [build(argument) for argument in arguments]
    profile, name = node.value
    arguments = [build(argument) for argument in node.operands]
    if schema.METHODS[profile][name][0].startswith("item_attribute"):
        arguments[0]["type"] = ITEM_ATTRIBUTE
        if schema.METHODS[profile][name][0].endswith("item_value"):
            dependent = "EEnum__InvAttr__EDepEnum__InvAttrVal__" + arguments[0]["value"]
            arguments[1]["type"] = dependent + ":" + TAGS["string"]
    return [leaf("name", profile, schema.TAGS[profile]), leaf("name", name, METHOD)] + arguments


def compact(tree):
    return json.dumps(tree, ensure_ascii=False, separators=(",", ":"))


def spaced(tree):
    if isinstance(tree, str):
        return json.dumps(tree, ensure_ascii=False)
    if isinstance(tree, list):
        return "[ " + ", ".join(map(spaced, tree)) + " ]" if tree else "[ ]"
    return "{ " + ", ".join(f'"{key}": {spaced(value)}' for key, value in tree.items()) + " }"


def pretty(tree):
    return "\n" + indented(tree, 0)


def indented(tree, level):
    if isinstance(tree, str):
        return json.dumps(tree, ensure_ascii=False)
    inner, outer = "\n" + "  " * (level + 1), "\n" + "  " * level
    if isinstance(tree, list):
        return "[" + ",".join(inner + indented(one, level + 1) for one in tree) + outer + "]"
    pairs = (f'{inner}"{key}":{indented(value, level + 1)}' for key, value in tree.items())
    return "{" + ",".join(pairs) + outer + "}"


def compact_with_places(node):
    """The compact tree, and where each node's object stands in it, in bytes."""
    places = {}

    def walk(node, tree, start):
        text = compact(tree)
        places[id(node)] = (start, start + len(text.encode()))
        # The operands of a node are searched for where they must stand.
        if not node.operands:
            return
        entries = tree["operands"]
        at = start + len(text[: text.index('"operands":[') + len('"operands":[')].encode())
        offsets = []
        for one in entries:
            offsets.append(at)
            at += len(compact(one).encode()) + 1
        first = {"method": [0] + list(range(2, len(entries))), "call": list(range(2, len(entries)))}
        for operand, index in zip(node.operands, first.get(node.kind, range(len(entries)))):
            walk(operand, entries[index], offsets[index])

    whole = build(node)
    walk(node, whole, 0)
    return compact(whole), places

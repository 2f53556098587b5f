"""The text of a rule to a tree of nodes, and back to its canonical text."""

import re
from dataclasses import dataclass, field

from . import schema

BLANK = " \t\r\n\u00a0"
TOKEN = re.compile(
    r'(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<number>[0-9]+(?:\.[0-9]+)?)|(?P<string>"(?:\\.|[^"\\])*")'
    r"|(?P<symbol>\|\||&&|==|!=|<=|>=|[-<>+*/%!().,])",
    re.DOTALL,
)
LEVELS = [["||"], ["&&"], ["==", "!="], ["<", "<=", ">", ">="], ["+", "-"], ["*", "/", "%"]]
PRECEDENCE = {operator: level for level, operators in enumerate(LEVELS) for operator in operators}
PREFIX = len(LEVELS)


# Methods on values that need no argument.
TAKE_NONE = (
    "isNull isNotNull exists notExists isEmpty isValid isValidDate isWeekday isWeekend day dayOfMonth month year"
).split()


@dataclass
class Node:
    """One node; `span` is without enclosing brackets, `outer` with them."""

    kind: str
    span: tuple
    value: object = None
    operands: list = field(default_factory=list)
    type: str = None
    outer: tuple = None
    # A string attribute where a date is expected: what it holds is read as one.
    as_date: bool = False


class Parser:
    """Reads rules that are right; for wrong ones the cases state what is expected."""

    def __init__(self, text):
        self.tokens = []
        at = 0
        while at < len(text):
            if text[at] in BLANK:
                at += 1
                continue
            found = TOKEN.match(text, at)
            assert found, f"no token at {at} of {text!r}"
            self.tokens.append((found.lastgroup, found.group(), at, found.end()))
            at = found.end()
        self.at = 0

    def peek(self, ahead=0):
        index = self.at + ahead
        return self.tokens[index] if index < len(self.tokens) else (None, None, None, None)

    def take(self, text=None):
        token = self.peek()
        assert token[0] and (text is None or token[1] == text), f"expected {text}, found {token}"
        self.at += 1
        return token

    def rule(self):
        node = self.binary(0)
        assert self.at == len(self.tokens), f"left over: {self.peek()}"
        return node

    def binary(self, level):
        if level == len(LEVELS):
            return self.prefix()
        left = self.binary(level + 1)
        while self.peek()[0] == "symbol" and self.peek()[1] in LEVELS[level]:
            operator = self.take()[1]
            right = self.binary(level + 1)
            left = Node("binary", (left.outer[0], right.outer[1]), operator, [left, right])
            left.outer = left.span
        return left

    def prefix(self):
        kind, text, start, end = self.peek()
        if kind == "symbol" and text in "!-":
            if text == "-" and self.peek(1)[0] == "number" and self.peek(1)[2] == end:
                return self.chained()
            self.take()
            operand = self.prefix()
            node = Node("prefix", (start, operand.outer[1]), text, [operand])
            node.outer = node.span
            return node
        return self.chained()

    def chained(self):
        node = self.primary()
        while self.peek()[1] == ".":
            self.take()
            _, name, _, end = self.take()
            node = self.member(node, name, end)
        return node

    def member(self, receiver, name, end):
        arguments = None
        if self.peek()[1] == "(":
            arguments = []
            self.take()
            while self.peek()[1] != ")":
                arguments.append(self.binary(0))
                if self.peek()[1] == ",":
                    self.take()
            end = self.take(")")[3]
        span = (receiver.outer[0], end)
        if receiver.kind == "name":
            profile = schema.profile_of(receiver.value)
            if arguments is None or name not in schema.METHODS.get(profile, {}):
                attribute = schema.attribute_of(profile, name)
                if attribute or arguments is None:
                    node = Node("attribute", span, (profile, attribute or name))
                    node.outer = span
                    return node
            node = Node("call", span, (profile, schema.method_of(profile, name)), arguments)
        else:
            # What says nothing is dropped, such as the "" of isNull("").
            if name in TAKE_NONE and len(arguments or []) == 1 and blank(arguments[0]):
                arguments = []
            node = Node("method", span, name, [receiver] + (arguments or []))
        node.outer = span
        return node

    def primary(self):
        kind, text, start, end = self.take()
        if text == "(":
            node = self.binary(0)
            node.outer = (start, self.take(")")[3])
            return node
        if text == "-":
            _, digits, _, end = self.take()
            node = Node("number", (start, end), "-" + digits)
        elif kind == "number":
            node = Node("number", (start, end), text)
        elif kind == "string":
            node = Node("string", (start, end), re.sub(r'\\(["\\])', r"\1", text[1:-1]))
        elif text in ("true", "false"):
            node = Node("boolean", (start, end), text == "true")
        else:
            assert kind == "name", text
            node = Node("name", (start, end), text)
        node.outer = node.span
        return node


def blank(node):
    return (node.kind == "string" and not node.value.strip()) or (node.kind == "boolean" and node.value)


def parse(text, types=None):
    """The typed nodes of a rule. `types` names the types of fields that no schema lists."""
    root = Parser(text).rule()
    set_types(root, types or {})
    return root


RESULTS = {
    "interval": "number", "day": "number", "dayOfMonth": "number", "month": "number", "year": "number",
    "dateDiff": "number", "daysDiff": "number", "daysDiffFromString": "number", "minutesDiff": "number",
}  # fmt: skip


def set_types(node, types):
    for operand in node.operands:
        set_types(operand, types)
    if node.kind in ("boolean", "number", "string"):
        node.type = node.kind
    elif node.kind == "name":
        node.type = "enum"
    elif node.kind == "attribute":
        node.type = types.get(".".join(node.value)) or schema.type_of(*node.value)
        assert node.type, f"the type of {node.value} is not known"
    elif node.kind == "call":
        node.type = schema.METHODS[node.value[0]][node.value[1]][1]
    elif node.kind == "method":
        node.type = RESULTS.get(node.value, "boolean")
        if node.value == "daysDiffFromString":
            node.operands[1].as_date = node.operands[1].kind == "attribute"
    elif node.kind == "prefix":
        node.type = "boolean" if node.value == "!" else "number"
    else:
        node.type = "number" if node.value in "+-*/%" else "boolean"


def canonical(node):
    """The canonical text: fewest brackets, but an `&&` inside an `||` keeps its own."""
    kind = node.kind
    if kind == "boolean":
        return "true" if node.value else "false"
    if kind in ("number", "name"):
        return node.value
    if kind == "string":
        return quoted(node.value)
    if kind == "attribute":
        return ".".join(node.value)
    if kind == "call":
        return ".".join(node.value) + "(" + ",".join(map(canonical, node.operands)) + ")"
    if kind == "method":
        receiver, *arguments = node.operands
        return f"{canonical(receiver)}.{node.value}({','.join(map(canonical, arguments))})"
    if kind == "prefix":
        (operand,) = node.operands
        literal = node.value == "-" and operand.kind == "number" and not operand.value.startswith("-")
        return node.value + bracketed(operand, literal or operand.kind == "binary")
    left, right = node.operands
    outer = PRECEDENCE[node.value]
    chain = node.value in ("&&", "||")
    return (
        bracketed(left, needs(left, outer, chain, False))
        + node.value
        + bracketed(right, needs(right, outer, chain, True))
    )


def needs(operand, outer, chain, is_right):
    if operand.kind != "binary":
        return False
    inner = PRECEDENCE[operand.value]
    if chain:
        # A chain within its like is one chain; another one keeps its brackets.
        return operand.value in ("&&", "||") and inner != outer
    return inner <= outer if is_right else inner < outer


def bracketed(node, brackets):
    return f"({canonical(node)})" if brackets else canonical(node)


def quoted(text):
    out = []
    for index, character in enumerate(text):
        following = text[index + 1 : index + 2]
        if character == '"':
            out.append('\\"')
        elif character == "\\" and following in ("", "\\", '"'):
            out.append("\\\\")
        else:
            out.append(character)
    return '"' + "".join(out) + '"'

"""Holds Swift that is written by hand to the generated Swift, by tree-sitter's trees, where there is no compiler:

    swift_names.py GENERATED APP PAGE…

Classes that stand for a protocol of the generated code have all of its methods, with their labels and types. Whatever is called or
read of a generated type is there: initialisers, methods, members and cases, with their labels in order. In APP nothing may be left
over of which nobody knows whose it is; the pages of the book, which show pieces, are held to what is known of them.
"""

import pathlib
import sys

from swift_api import bare, declared, element, is_public, named, noted, parameter, text
from swift_syntax import PARSER, known, pieces

# Of the standard library, Foundation, CryptoKit and Security: what APP calls or names beside its own and what is generated.
SYSTEM = set(
    """
    Any Bool CFDictionary CFString CFTypeRef CryptoKit Data DispatchSemaphore FileHandle Foundation HTTPURLResponse
    JSONSerialization NSLock NSNull NSObject OSStatus P256 Result SecItemAdd SecItemCopyMatching SecItemDelete SecItemUpdate Security
    Sendable String UInt16 URL URLRequest URLSession URLSessionTask URLSessionTaskDelegate UTF8 Void
    completionHandler derRepresentation localizedDescription map prefix readLine resume write x963Representation
    """.split()
)


class Reader:
    """Goes through a text and says what is wrong in it. A scope says of which types its names are."""

    def __init__(self, api, own, strict, say):
        self.api, (self.own, self.functions, self.aliases) = api, own
        self.types, self.strict, self.say, self.checked = {**self.own, **api}, strict, say, 0

    def walk(self, node, scope):
        kind = node.type
        if kind in ("class_declaration", "protocol_declaration"):
            found = self.own.get(named(node))
            self.conforms(node)
            scope = {**scope, "self": named(node), **(found.members if found else {})}
        elif kind in ("function_declaration", "init_declaration"):
            taken = [parameter(one) for one in node.children if one.type == "parameter"]
            scope = {**scope, **{name: kind for _, name, kind in taken}}
        elif kind in ("statements", "switch_entry", "catch_block", "if_statement", "while_statement", "for_statement"):
            # What `guard` binds counts in the statements that follow, which share this one.
            scope = dict(scope)
        elif kind == "lambda_literal":
            scope = {**scope, "$0": self.mapped(node, scope)}
        self.children(node, scope)
        if kind == "property_declaration":
            self.binds(node, scope)
        elif kind == "call_expression":
            self.call(node, scope)
        elif kind == "navigation_expression" and labels(node.parent, node) is None:
            self.member(node, scope)
        elif kind == "switch_statement":
            self.switch(node, scope)
        elif kind == "catch_block":
            self.caught(node)
        elif kind in ("simple_identifier", "type_identifier"):
            self.root(node, scope)

    def children(self, node, scope):
        """With what `if`, `while`, `guard` and `for` bind on the way."""
        bound = None
        for at, child in enumerate(node.children):
            field = node.field_name_for_child(at)
            if field == "bound_identifier" or child.type == ",":
                bound = text(child) if field else None
            elif bound and field == "condition" and child.type != "=":
                scope[bound], bound = bare(self.type_of(child, scope)), None
            elif field == "collection":
                scope[text(node.child_by_field_name("item"))] = element(self.type_of(child, scope))
            self.walk(child, scope)

    def mapped(self, node, scope):
        """Of what type `$0` is, where something is mapped."""
        called = node.parent.parent.children[0]
        if called.type == "navigation_expression" and text(called).endswith(".map"):
            return element(self.type_of(called.child_by_field_name("target"), scope))
        return None

    def binds(self, node, scope):
        names = [text(one) for one in identifiers(node.child_by_field_name("name"))]
        value = node.child_by_field_name("value")
        values = value.named_children if value is not None and value.type == "tuple_expression" else [value]
        for name, value in zip(names, values):
            scope[name] = noted(node) or self.type_of(value, scope)

    def type_of(self, node, scope):
        """The type of an expression, as far as that is known here; of a type's own name `.Type` comes after it."""
        kind = node and node.type
        if kind == "simple_identifier":
            name = text(node)
            return scope.get(name) if name in scope else f"{name}.Type" if name[0].isupper() else None
        if kind == "self_expression":
            return scope["self"]
        if kind == "line_string_literal":
            return "String"
        if kind in ("try_expression", "await_expression"):
            return self.type_of(node.child_by_field_name("expr"), scope)
        if kind == "as_expression":
            return text(node.child_by_field_name("name"))
        if kind == "postfix_expression":
            return bare(self.type_of(node.child_by_field_name("target"), scope))
        if kind == "ternary_expression":
            return self.type_of(node.child_by_field_name("if_true"), scope)
        if kind == "navigation_expression":
            of, static, name = self.parts(node, scope)
            found = self.types.get(of)
            if static and not found:
                return f"{of}.{name}.Type"
            return (of if name in found.cases else None) if static else found.members.get(name) if found else None
        if kind != "call_expression":
            return None
        called = node.children[0]
        if called.type == "navigation_expression":
            of, static, name = self.parts(called, scope)
            found = self.types.get(of)
            if static:
                return of if found else f"{of}.{name}" if name[0].isupper() else None
            return found.methods[name].gives if found and name in found.methods else None
        name = text(called)
        return self.functions[name].gives if name in self.functions else name if name[0].isupper() else None

    def parts(self, node, scope):
        """Whose the name is that comes after the point, whether of the type itself, and the name."""
        of = self.type_of(node.child_by_field_name("target"), scope)
        static = bool(of and of.endswith(".Type"))
        return bare(of[:-5] if static else of), static, text(node.child_by_field_name("suffix").children[-1])

    def call(self, node, scope):
        called = node.children[0]
        given = labels(node, called)
        if given is None:
            return
        if called.type == "simple_identifier":
            name, here = text(called), self.own.get(scope.get("self"))
            if name in self.types:
                self.fits(node, name, "init", self.types[name].inits, given)
            elif here and name in here.methods:
                self.fits(node, scope["self"], name, [here.methods[name]], given)
            elif name in self.functions:
                self.fits(node, "", name, [self.functions[name]], given)
            elif name not in scope:
                self.systems(node, name)
        elif called.type == "navigation_expression":
            of, static, name = self.parts(called, scope)
            found = self.types.get(of)
            there = found and (found.cases if static else found.methods)
            if found and name in there:
                self.fits(node, of, name, [there[name]], given)
            elif found:
                self.say(node, f"{of} has no {name}")
            elif not of:
                self.systems(called, name)

    def member(self, node, scope):
        of, static, name = self.parts(node, scope)
        found = self.types.get(of)
        if found and static:
            self.known(node, of, name, name in found.cases or name in found.nested)
        elif found:
            self.known(node, of, name, name in found.members)
        elif not of:
            self.systems(node, name)

    def root(self, node, scope):
        """What begins with a capital is a type of somebody's."""
        name, around = text(node), node.parent.type
        if self.strict and name[0].isupper() and around not in ("navigation_suffix", "pattern", "attribute"):
            mine = name in self.types or name in self.aliases or node == node.parent.child_by_field_name("name")
            if not mine and name not in SYSTEM and not is_nested(node):
                self.say(node, f"nobody knows what {name} is")

    def conforms(self, node):
        """A class that stands for a protocol has all that this asks for."""
        name = named(node)
        for parent in (text(one) for one in node.children if one.type == "inheritance_specifier"):
            for method, wanted in (self.api[parent].methods if parent in self.api else {}).items():
                self.checked += 1
                there = self.own[name].methods.get(method)
                if not there:
                    self.say(node, f"{name} has no {method}{wanted} of {parent}")
                elif [one[:2] for one in there.parameters] != [one[:2] for one in wanted.parameters]:
                    self.say(node, f"{name}.{method}{there} is not {parent}.{method}{wanted}")
                elif there.gives != wanted.gives or there.throws > wanted.throws:
                    self.say(node, f"{name}.{method} gives {there.gives}, and {parent} wants {wanted.gives}")

    def switch(self, node, scope):
        of = bare(self.type_of(node.child_by_field_name("expr"), scope))
        entries = [one for one in node.children if one.type == "switch_entry"]
        patterns = [one.children[0] for entry in entries for one in entry.children if one.type == "switch_pattern"]
        cases = [one for one in patterns if text(one).startswith(".")]
        if of in self.types:
            left = set(self.types[of].cases) - {self.case(one, of, one.named_children) for one in cases}
            if left and not any(one.type == "default_keyword" for entry in entries for one in entry.children):
                self.say(node, f"{of} has more cases: {', '.join(sorted(left))}")
        elif cases and self.strict:
            self.say(node, "nobody knows whose cases these are")

    def caught(self, node):
        pattern = node.child_by_field_name("error")
        words = pattern.named_children if pattern is not None else []
        if len(words) > 1 and words[0].type == "user_type":
            self.case(pattern, text(words[0]), words[1:])

    def case(self, node, of, words):
        name, carried = text(words[0]), words[1:]
        there = self.types[of].cases.get(name) if of in self.types else None
        self.known(node, of, name, there)
        if there and carried and len(carried) != len(there.parameters):
            self.say(node, f"{of}.{name} carries {there}")
        return name

    def fits(self, node, of, name, ways, given):
        self.checked += of in self.api
        if not any(way.takes(given) for way in ways):
            shown = ", ".join("_:" if one is None else f"{one}:" for one in given)
            self.say(node, f"{of}.{name}({shown}) is not as it is there: {' or '.join(map(str, ways))}")

    def known(self, node, of, name, there):
        self.checked += of in self.api
        if not there and name != "self":
            self.say(node, f"there is no {of}.{name}")

    def systems(self, node, name):
        if self.strict and name not in SYSTEM:
            self.say(node, f"nobody knows whose {name} is")


def is_nested(node):
    """`PrivateKey` in `P256.Signing.PrivateKey`."""
    return node.type == "type_identifier" and node.parent.type == "user_type" and node != node.parent.named_children[0]


def identifiers(node):
    if node.type == "simple_identifier":
        yield node
    for child in node.named_children:
        yield from identifiers(child)


def labels(node, called):
    """The labels of a call of this, one for each argument. A subscript is no call, and a closure after it has no label."""
    if node.type != "call_expression" or node.children[0] != called:
        return None
    suffix = node.children[-1]
    arguments = next((one for one in suffix.children if one.type == "value_arguments"), None)
    closures = [None for one in suffix.children if one.type == "lambda_literal"]
    if arguments is None:
        return closures
    if text(arguments.children[0]) == "[":
        return None
    names = [one.child_by_field_name("name") for one in arguments.children if one.type == "value_argument"]
    return [name and text(name) for name in names] + closures


def main(generated, app, *pages):
    parse = lambda words: PARSER.parse(known(words)).root_node
    api = declared(parse(pathlib.Path(generated).read_bytes()), is_public)[0]
    wrong, checked = 0, 0
    for path in map(pathlib.Path, (app, *pages)):
        for line, words in pieces(path):

            def say(node, what):
                nonlocal wrong
                wrong += 1
                print(f"{path}:{line + node.start_point.row}: {what}")

            root = parse(words)
            reader = Reader(api, declared(root), str(path) == app, say)
            reader.walk(root, {})
            checked += reader.checked
    print(f"swift: {checked} uses of the generated code, {wrong} of them not as it is")
    return 1 if wrong or not checked else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

"""What a text of Swift declares, read from tree-sitter's tree: types with their initialisers, methods, members and cases."""

import re


class Function:
    """How something is called: labels, types and what may be left out; and what it gives."""

    def __init__(self, parameters=(), gives="Void", throws=False):
        self.parameters, self.gives, self.throws = list(parameters), gives, throws

    def takes(self, labels):
        """Whether it can be called with these labels, in this order; one that is none is None."""
        given = list(labels)
        for label, _, optional in self.parameters:
            if given and given[0] == (None if label == "_" else label):
                given.pop(0)
            elif not optional:
                return False
        return not given

    def __str__(self):
        shown = (f"{label}: …" if optional else f"{label}:" for label, _, optional in self.parameters)
        return f"({', '.join(shown)})"


class Type:
    """A type; a case has what it carries, as a function has its parameters."""

    def __init__(self):
        self.inits, self.methods, self.members, self.cases, self.nested = [], {}, {}, {}, set()


def text(node):
    return node.text.decode().strip("`")


def plain(words):
    """A type without comments and blanks."""
    return re.sub(r"/\*.*?\*/|\s+|@escaping", "", words, flags=re.DOTALL)


def bare(kind):
    """What is in an optional."""
    return kind and kind.rstrip("?!")


def element(kind):
    """What is in an array, or in an optional."""
    found = re.fullmatch(r"\[([\w.]+)\]", bare(kind) or "")
    return found[1] if found else bare(kind)


def noted(node):
    """The type that is written beside a name."""
    found = next((one for one in node.children if one.type == "type_annotation"), None)
    return found and plain(text(found).lstrip(": "))


def parameter(node):
    """Of a parameter the label, the name within, and the type."""
    names = [one for one in node.named_children if one.type == "simple_identifier"]
    kind = plain(node.text[names[-1].end_byte - node.start_byte :].decode().lstrip("`: "))
    return text(names[0]), text(names[-1]), kind


def function(node):
    parameters = []
    for at, child in enumerate(node.children):
        if child.type == "parameter":
            label, _, kind = parameter(child)
            parameters.append((label, kind, any(one.type == "=" for one in node.children[at + 1 : at + 2])))
    words = [child.type for child in node.children]
    gives = plain(text(node.children[words.index("->") + 1])) if "->" in words else "Void"
    return Function(parameters, gives, "throws" in words)


def named(node):
    return text(node.child_by_field_name("name"))


def is_public(node):
    head = next((one for one in node.children if one.type == "modifiers"), None)
    return head is not None and re.search(r"\b(public|open)\b", text(head)) is not None


def declared(root, wanted=lambda node: True):
    """The types of a text, and the functions outside of them."""
    types, functions, aliases = {}, {}, set()
    for node in root.children:
        if node.type in ("class_declaration", "protocol_declaration") and wanted(node):
            if not any(child.type == "extension" for child in node.children):
                types[named(node)] = members(node.child_by_field_name("body"))
        elif node.type == "function_declaration":
            functions[named(node)] = function(node)
        elif node.type == "typealias_declaration":
            aliases.add(named(node))
    return types, functions, aliases


def members(body):
    found = Type()
    for node in body.children:
        if node.type in ("function_declaration", "protocol_function_declaration"):
            found.methods[named(node)] = function(node)
        elif node.type == "init_declaration":
            found.inits.append(function(node))
        elif node.type == "property_declaration":
            found.members[named(node)] = noted(node)
        elif node.type == "enum_entry":
            carried = next((one for one in node.children if one.type == "enum_type_parameters"), None)
            pairs = re.findall(r"(\w+):([\w?\[\]]+)", plain(text(carried))) if carried else []
            found.cases[named(node)] = Function((label, kind, False) for label, kind in pairs)
        elif node.type == "class_declaration":
            found.nested.add(named(node))
    found.inits = found.inits or [Function()]
    return found

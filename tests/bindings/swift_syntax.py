"""Reads Swift by tree-sitter's grammar, where there is no compiler: files of Swift, and the Swift in the book's pages. Prints where
it is none; types and names are nobody's business here.
"""

import pathlib
import re
import sys

import tree_sitter
import tree_sitter_swift

# Sound Swift that the grammar does not know: an attribute of the standard library's, and a closure that gives nothing.
UNKNOWN = [(b"@_documentation(visibility: private)", b""), (b"{ () }", b"{}")]
PARSER = tree_sitter.Parser(tree_sitter.Language(tree_sitter_swift.language()))


def pieces(path):
    """What there is of Swift, each with the line where it begins."""
    text = path.read_bytes()
    if path.suffix != ".md":
        return [(1, text)]
    blocks = re.finditer(rb"^```swift\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [(text[: block.start(1)].count(b"\n") + 1, block[1]) for block in blocks]


def known(text):
    for unknown, instead in UNKNOWN:
        text = text.replace(unknown, instead)
    return text


def errors(node):
    if node.is_error or node.is_missing:
        yield node
    elif node.has_error:
        for child in node.children:
            yield from errors(child)


def main(paths):
    read, wrong = 0, 0
    for path in map(pathlib.Path, paths):
        for line, text in pieces(path):
            text = known(text)
            read += 1
            for node in errors(PARSER.parse(text).root_node):
                wrong += 1
                said = text[node.start_byte : node.end_byte].decode().split("\n")[0] or node.type
                print(f"{path}:{line + node.start_point.row}: no Swift: {said}")
    print(f"swift: {read} texts read, {wrong} errors")
    return 1 if wrong or not read else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

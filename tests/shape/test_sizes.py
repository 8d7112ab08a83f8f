"""No file over 400 lines, no function over 50: what is longer has more than one job."""

import ast

FILE_LINES, FUNCTION_LINES = 400, 50


def test_no_file_is_too_long(written):
    lengths = {source.name: len(source.text.splitlines()) for source in written}
    assert {name: lines for name, lines in lengths.items() if lines > FILE_LINES} == {}


def test_no_function_is_too_long(written):
    lengths = {
        f"{source.name}:{node.lineno} {node.name}": node.end_lineno - node.lineno + 1
        for source in written
        for node in source.nodes
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert len(lengths) > 100
    assert {name: lines for name, lines in lengths.items() if lines > FUNCTION_LINES} == {}

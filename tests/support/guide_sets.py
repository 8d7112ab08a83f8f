"""Valid transaction sets made out of a guide itself: every loop, segment and element of pyx12's map has its turn.

Nobody is in them: names are random letters, numbers random digits. What comes out is one interchange with one set.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

Node = Any  # a node of pyx12's map, which has no types of its own
Elements = list[str]

# (ST01, version) -> (ISA12, GS01, pyx12's map); apart from the engine's own table, on purpose.
MAPS = {
    ("834", "005010X220A1"): ("00501", "BE", "834.5010.X220.A1.xml"),
    ("820", "005010X218"): ("00501", "RA", "820.5010.X218.xml"),
    ("834", "004010X095A1"): ("00401", "BE", "834.4010.X095.A1.xml"),
    ("820", "004010X061A1"): ("00401", "RA", "820.4010.X061.A1.xml"),
    ("999", "005010X231A1"): ("00501", "FA", "999.5010X231.A1.xml"),
    ("999", "005010X231"): ("00501", "FA", "999.5010.xml"),
}
_UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_FORMATS = {"D8": "20270115", "RD8": "20270101-20270131", "D6": "270115", "DT": "202701150930", "TM": "0930"}
_REPEATS = (1, 1, 1, 1, 1, 2, 3)


def load(kind: str, version: str) -> Node:
    """Return the guide's map, loaded once."""
    from support import pyx12_maps

    return pyx12_maps.load(MAPS[kind, version][2])


def valid_set(kind: str, version: str, seed: int) -> list[Elements]:
    """Return the segments of one set, ST to SE. The seed decides what is in it, from the least to everything."""
    rng = Random(seed)
    rich = rng.choice((0.1, 0.3, 0.5, 0.8, 1.0))
    segments = list(_loop(load(kind, version).getnodebypath("/ISA_LOOP/GS_LOOP/ST_LOOP"), rng, rich))
    control = f"{rng.randrange(10_000):04d}"
    segments[0][1:] = [kind, control, version] if version.startswith("005") else [kind, control]
    segments[-1][1:] = [str(len(segments)), control]
    return segments


def interchange(kind: str, version: str, segments: list[Elements]) -> str:
    """Return an interchange around one set or several, with the delimiters * : ^ ~ and a line for each segment."""
    control, group, _ = MAPS[kind, version]
    repetition = "^" if control == "00501" else "U"
    isa = ["00", " " * 10, "00", " " * 10, "ZZ", f"{'ACME':15}", "ZZ", f"{'NORTHWIND':15}", "270105", "0930"]
    head = ["ISA", *isa, repetition, control, "000000101", "0", "P", ":"]
    gs = ["GS", group, "ACME", "NORTHWIND", "20270105", "0930", "7", "X", version]
    sets = sum(elements[0] == "ST" for elements in segments)
    lines = [head, gs, *segments, ["GE", str(sets), "7"], ["IEA", "1", "000000101"]]
    return "".join("*".join(elements) + "~\n" for elements in lines)


def _loop(loop: Node, rng: Random, rich: float) -> Iterator[Elements]:
    for place in sorted(loop.pos_map):
        for child in loop.pos_map[place]:
            for _ in range(_times(child, rng, rich)):
                if child.is_loop():
                    yield from _loop(child, rng, rich)
                else:
                    yield segment(child, rng, rich)


def _times(child: Node, rng: Random, rich: float) -> int:
    """Say how often a loop or segment comes: at least once where pyx12 needs it, not only where the guide does."""
    opens = child.is_segment() and child.is_first_seg_in_loop()
    wraps = child.is_loop() and child.get_first_node() is not None and child.get_first_node().is_loop()
    if child.usage == "N":
        return 0
    if opens or child.id == "LE" or (wraps and any(inner.usage == "R" for inner in child.childIterator())):
        return 1
    if child.usage == "S" and rng.random() > rich:
        return 0
    limit = child.repeat if child.is_loop() else child.max_use
    return 1 if wraps else min(9 if limit in (">1", None) else int(limit), rng.choice(_REPEATS))


def segment(node: Node, rng: Random, rich: float) -> Elements:
    """Return a valid segment for one segment node of a map."""
    values = [
        "" if child.usage != "R" and rng.random() > rich else _value(child, rng, rich) for child in node.children
    ]
    if not any(values):  # a segment says something
        values[0] = _value(node.children[0], rng, rich)
    for _ in range(3):  # filling one element may call for another
        for rule in node.syntax:
            _obey(rule, node, values, rng)
    qualifier = ""
    for at, child in enumerate(node.children):
        if not child.is_composite() and (child.data_ele == "1250" or (node.id == "DTP" and at == 1)):
            qualifier = values[at]
        elif not child.is_composite() and child.data_ele == "1251" and values[at]:
            values[at] = _FORMATS.get(qualifier, values[at])
    while values and not values[-1]:
        values.pop()
    return [node.id, *values]


def _obey(rule: list[Any], node: Node, values: list[str], rng: Random) -> None:
    """Fill or empty the elements of a syntax note until it holds."""
    letter, places = rule[0], [at - 1 for at in rule[1:] if at <= len(values)]
    sent = [at for at in places if values[at]]
    usable = [at for at in places if node.children[at].usage != "N"]
    if letter == "E":
        for at in sent[1:]:
            values[at] = ""
        return
    wanted: list[int] = []
    if letter == "P" and sent:
        wanted = places
    elif letter == "R" and not sent:
        wanted = usable[:1]
    elif letter == "C" and places[0] in sent:
        wanted = places
    elif letter == "L" and sent == places[:1]:
        wanted = [at for at in usable if at != places[0]][:1]
    if letter in "PC" and wanted and len(usable) < len(places):  # it can not be filled: empty what calls for it
        for at in sent if letter == "P" else places[:1]:
            values[at] = ""
        return
    for at in wanted:
        values[at] = values[at] or _value(node.children[at], rng, 0.3)


def _value(child: Node, rng: Random, rich: float) -> str:
    if child.usage == "N":
        return ""
    if child.is_composite():
        parts = [
            "" if p.usage != "R" and n and rng.random() > rich else _value(p, rng, rich)
            for n, p in enumerate(child.children)
        ]
        while parts and not parts[-1]:
            parts.pop()
        return ":".join(parts)
    codes = _codes(child)
    if codes:
        return rng.choice(codes)
    kind, shortest, longest = child.data_type, child.min_len, child.max_len
    length = rng.randint(shortest, max(shortest, min(longest, 12)))
    if kind in ("DT", "D8", "D6"):
        return _FORMATS["D6" if longest == 6 else "D8"]
    if kind == "TM":
        return _FORMATS["TM"]
    if kind == "R" or kind[0] == "N":
        return str(rng.randint(10 ** (length - 1), 10**length - 1))
    return "".join(rng.choices(_UPPER, k=length))


def _codes(leaf: Node) -> list[str]:
    """Return the codes that the guide allows, out of its own list or an outer one, in one order for all time."""
    codes = set(leaf.valid_codes)
    if leaf.external_codes:
        codes |= leaf.root.ext_codes.codes[leaf.external_codes]["codes"]
    return sorted(code for code in codes if code and leaf.min_len <= len(code) <= leaf.max_len)

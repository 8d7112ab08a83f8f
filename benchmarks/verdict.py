"""Rows of the verdict alone: its pace inside one process, whole commands, and memory."""

from __future__ import annotations

from measured import MIB
from product import Product
from table import Row, at_least


def speed(product: Product) -> list[Row]:
    """Measure everything that runs inside one process, and the verdict in two."""
    bench, sizes = product.bench, product.bench.sizes
    names = ("split", "tokens", "verdict", "events", "parallel")
    best = dict.fromkeys((*names, "pyx12"), float("inf"))
    for _ in range(sizes.rounds):
        for name in best:
            members = sizes.sample if name == "pyx12" else sizes.main
            best[name] = min(best[name], bench.measure(name, members, warm=sizes.small).seconds)
    count = bench.segments(sizes.main)
    rates = {name: count / best[name] for name in names} | {"pyx12": bench.segments(sizes.sample) / best["pyx12"]}
    beside = {name: rates[name] / rates["pyx12"] for name in names}

    def row(name: str, what: str, verdict: tuple[str, str, bool] = ("", "", True)) -> Row:
        members = sizes.sample if name == "pyx12" else sizes.main
        return Row(what, members, f"{best[name]:.2f} s", rates[name], *verdict)

    return [
        row("pyx12", "pyx12, `x12n_document`", ("1", "", True)),
        row("split", "floor: `bytes.split`", (f"{beside['split']:.1f} x pyx12", "", True)),
        row("tokens", "tokenizer", (f"{beside['tokens']:.1f} x pyx12", "", True)),
        row("verdict", "conformance verdict", at_least(beside["verdict"], 50, "pyx12")),
        row("events", "verdict and typed events", at_least(beside["events"], 30, "pyx12")),
        row(
            "parallel", "verdict, two processes", at_least(best["verdict"] / best["parallel"], 1.6, "one process")
        ),
    ]


def commands(product: Product) -> list[Row]:
    """Measure whole processes: start, read, judge, print."""
    bench, sizes = product.bench, product.bench.sizes
    ours, theirs = ("rollbook", "check"), ("x12valid",)
    runs = [(sizes.command, ours), (sizes.command, theirs), (sizes.small, ours), (sizes.small, theirs)]
    best = dict.fromkeys(runs, float("inf"))
    for _ in range(sizes.rounds):
        for members, words in runs:
            best[members, words] = min(best[members, words], bench.command(members, *words))
    large, valid, small, tiny = best.values()
    count = bench.segments(sizes.command)
    return [
        Row("`x12valid`, whole process", sizes.command, f"{valid:.2f} s", count / valid, "1"),
        Row(
            "`rollbook check`, whole process", sizes.command, f"{large:.2f} s", count / large,
            *at_least(valid / large, 25, "x12valid"),
        ),
        Row("`x12valid`, whole process", sizes.small, f"{tiny:.2f} s"),
        Row(
            "`rollbook check`, whole process", sizes.small, f"{small:.2f} s", 0,
            f"{tiny / small:.1f} x x12valid", "<= 0.3 s", small <= 0.3,
        ),
    ]  # fmt: skip


def memory(product: Product) -> list[Row]:
    """Measure the peak of a process that judges a small and a very large file, events and all."""
    bench, sizes = product.bench, product.bench.sizes
    few, many = (bench.measure("events", members) for members in (sizes.few, sizes.many))
    ratio = many.peak / few.peak
    return [
        Row("peak memory, verdict and events", sizes.few, f"{few.peak / MIB:.1f} MiB", 0, "1"),
        Row(
            "peak memory, verdict and events", sizes.many, f"{many.peak / MIB:.1f} MiB", 0,
            f"{ratio:.2f} x", "<= 1.2 x", ratio <= 1.2,
        ),
    ]  # fmt: skip

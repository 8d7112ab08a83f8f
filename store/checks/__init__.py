"""Questions to the store that must never be answered with no; `pipeline.verify.run` asks them.

Each is a function of an `Ask` that yields faults. Bulk queries only: a large store is read in passes.

See docs/design.md, Checks of the books.
"""

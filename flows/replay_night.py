"""The replay flow: what was recorded since the last one is done again in another store, and both are compared."""

from __future__ import annotations

from flows.base import VerbFailed, in_workspace, run, say, step
from flows.words import NOTHING, Told, at_time, log
from pipeline.replay.night import night


@step("replay", retries=0)
async def replay_since(environment: str) -> tuple[int, int, list[tuple[str, str]]]:
    """Return from after which step to which was replayed, and what is not equal, by our own names and numbers."""
    result = await in_workspace(environment, night)
    told = [("differs", kind) for kind in result.differs]
    if result.stopped:
        told.append((f"step {result.stopped.seq}", f"{result.stopped.what} of {result.stopped.input}"))
    log(
        f"steps {result.first + 1} to {result.last} done again: {len(told)} differ"
        if result.last > result.first
        else "no step since the last one"
    )
    return result.first, result.last, told


@run("replay-night", at_time("replay"))
async def replay_night(environment: str = "production") -> Told[int]:
    """Replay the steps since the last replay that was equal; return how many. Fails where the stores differ."""
    first, last, wrong = await replay_since(environment)
    if wrong:
        await say("replay", f"The replay of steps {first + 1} to {last} differs", ("what", "where"), wrong)
        raise VerbFailed("the journal and the store are not equal: rollbook replay says more")
    if last == first:
        return Told(NOTHING, "no step since the last one", 0)
    return Told("EQUAL", f"steps {first + 1} to {last}", last - first)

"""What a disk can do to us, in words: what happened, and what to do. Every command and flow says it so."""

from __future__ import annotations

import errno

_FULL = "Make room on it, then run the same again: nothing is half done, what was committed stays"
_WORDS = {
    errno.ENOSPC: f"the disk is full. {_FULL}",
    errno.EDQUOT: f"the disk quota is used up. {_FULL}",
    errno.EFBIG: f"a file may not grow any further (a limit of this process or its file system). {_FULL}",
    errno.EIO: "the disk failed (input/output error). Look at the system's log before anything else is run",
    errno.EROFS: "the file system can only be read. Mount it for writing, then run the same again",
    errno.EACCES: "the system does not let us. Run this as the installation's owner, or give that user the right",
    errno.EPERM: "the system does not let us. Run this as the installation's owner, or give that user the right",
}


def disk(error: OSError) -> str:
    """Return what a trouble of the disk is and what to do; empty for any other error, such as a missing file."""
    return _WORDS.get(error.errno or 0, "")

"""What a disk can do to us, in words: what happened, and what to do. Every command and flow says it so."""

from __future__ import annotations

import errno
from pathlib import Path

_FULL = "Make room on it, then run the same again: nothing is half done, what was committed stays"
_AWAY = "Move it away or name another place, then run the same again"
_EVERYBODYS = {  # whatever is done next meets the same
    errno.ENOSPC: f"the disk is full. {_FULL}",
    errno.EDQUOT: f"the disk quota is used up. {_FULL}",
    errno.EFBIG: f"a file may not grow any further (a limit of this process or its file system). {_FULL}",
    errno.EIO: "the disk failed (input/output error). Look at the system's log before anything else is run",
    errno.EROFS: "the file system can only be read. Mount it for writing, then run the same again",
    errno.EACCES: "the system does not let us. Run this as the installation's owner, or give that user the right",
    errno.EPERM: "the system does not let us. Run this as the installation's owner, or give that user the right",
    errno.EMFILE: "too many files are open in this process. Raise its limit, then run the same again",
    errno.ENFILE: "too many files are open on this machine. Raise its limit, then run the same again",
}
_OF_ONE_PLACE = {
    errno.ENOTDIR: f"this is no folder, and one belongs there (a link that leads nowhere is none). {_AWAY}",
    errno.EISDIR: f"this is a folder, and a file belongs there. {_AWAY}",
    errno.EEXIST: f"something lies there already. {_AWAY}",
    errno.ENOTEMPTY: f"a folder lies there that is not empty. {_AWAY}",
    errno.ENOENT: "this is not there. Look at the path, put back or make what is missing, then run the same again",
    errno.ENAMETOOLONG: "this name is too long for the file system. Choose a shorter one",
    errno.ELOOP: f"this is a link that leads to itself. {_AWAY}",
}
_ON_THE_WAY = (errno.ENOTDIR, errno.ENOENT, errno.ELOOP)


def disk(error: OSError) -> str:
    """Return what a trouble of the whole disk is and what to do; empty for any other error, as of one place."""
    return _EVERYBODYS.get(error.errno or 0, "")


def words(error: OSError) -> str:
    """Return what a trouble of the disk or of one place on it is and what to do; empty for any other error."""
    return disk(error) or _OF_ONE_PLACE.get(error.errno or 0, "")


def place(error: OSError) -> str:
    """Return the path that an error is about: the first on the way there that is no folder; empty for none."""
    name = error.filename2 or error.filename
    if not isinstance(name, str):  # a file's number, or nothing
        return ""
    above = reversed(Path(name).parents) if error.errno in _ON_THE_WAY else ()
    return next((str(folder) for folder in above if not folder.is_dir()), name)


def told(error: OSError) -> str:
    """Return `words` after the path; empty for any other error. For people who may see the path."""
    return ": ".join(filter(None, (place(error), said))) if (said := words(error)) else ""

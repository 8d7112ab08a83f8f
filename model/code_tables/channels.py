"""Finding codes of the channels: what kept a file from coming in, or an answer from going out."""

from __future__ import annotations

from model.code_tables import Code
from model.finding import Severity

CODES: dict[str, Code] = {
    "CHANNEL-UNREACHABLE": Code(
        "The partner's channel cannot be reached.",
        "Nothing is lost: the next sweep tries again. If it stays so, check address, port and network.",
        Severity.WARNING,
    ),
    "CHANNEL-HOST-KEY": Code(
        "The server showed another host key than the one agreed, so nothing was sent or fetched.",
        "Ask the partner, by a way you trust, whether the key was changed; then put the new one into the terms.",
    ),
    "CHANNEL-LOGIN": Code(
        "The channel does not let us in.",
        "Check user and key in the terms, and that the partner knows our public key.",
    ),
    "CHANNEL-SECRET": Code(
        "The secret that this channel names is missing or not readable.",
        "Put the key file under the name in the terms into the secrets folder, readable by its owner only.",
    ),
    "CHANNEL-BROKEN": Code(
        "The channel failed while it was in use.",
        "Nothing is lost: what was not taken whole is taken again by the next sweep.",
        Severity.WARNING,
    ),
    "ENTRY-GROWING": Code(
        "The file is still being written.",
        "Nothing to do: it is taken once it has stopped changing.",
        Severity.INFO,
    ),
    "ENTRY-REFUSED": Code(
        "Something lies in the inbox that we do not touch.",
        "Remove it, or send it again as a plain file with a plain name.",
        Severity.WARNING,
    ),
    "FILES-OF-NOBODY": Code(
        "Files lie in a folder of the inbox that belongs to no partner, or whose partner sends another way.",
        "Nobody takes them. Move them into the folder of the partner who sent them (rollbook partner list), or "
        "add the partner (rollbook partner add).",
        Severity.WARNING,
    ),
    "SOURCE-NOT-REMOVED": Code(
        "The file was received, but could not be removed from where it lay.",
        "Nothing to do: it is not taken twice, and the next sweep removes it. Check our rights if it stays.",
        Severity.WARNING,
    ),
    "CHANNEL-BUSY": Code(
        "Another machine or process is at the partner's channel.",
        "Nothing to do: it takes and delivers what there is; what it leaves is taken the next time.",
        Severity.INFO,
    ),
    "DOCUMENT-DIFFERS": Code(
        "A document of this name lies published with other content; it was not replaced.",
        "Compare the two: the archive has what was delivered. When the one that lies there is void, take it away; "
        "the next delivery publishes ours.",
    ),
    "STORE-RESTORED": Code(
        "The store was put back from an older one, and does not know some numbers that were given out.",
        "Receive again what came since, by the file ids that are missing; enter deposits again. Tell those who "
        "got documents under these numbers that they are void.",
        Severity.WARNING,
    ),
    "ARCHIVE-LACKS": Code(
        "The archive was lost or put back from an older one: files that were received cannot be read again.",
        "`rollbook verify` names each. Ask the senders for those that are not done: the same content, received "
        "again, takes its place in the archive.",
        Severity.WARNING,
    ),
    "WORK-STOPPED": Code(
        "Working on a file stopped.",
        "Nothing of the stopped step was committed and the next sweep goes on; if it stops again, call for help.",
    ),
    "FILE-WAITS": Code(
        "A file waits for an earlier one that is not done.",
        "Nothing to do for this one: see what keeps the earlier file (rollbook file show).",
        Severity.WARNING,
    ),
    "FILE-STUCK": Code(
        "A file broke again and again, and nobody works on it any more by himself.",
        "Mend what broke (rollbook file show says where), then rollbook file retry. Its partner's and its "
        "groups' later files wait for it.",
    ),
}

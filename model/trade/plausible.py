"""What is possible, and still nearly always a mistake: ages, names, which state a ZIP code lies in.

Source: docs/domain.md, Plausibility.
"""

from __future__ import annotations

from typing import Final

BIRTH, SUBSCRIBER, SPOUSE, PARENT = "BIRTH-PLAUSIBLE", "SUBSCRIBER-AGE", "SPOUSE-AGE", "PARENT-AGE"
ZIP, NAME, PREMIUM = "STATE-ZIP", "TEST-NAME", "PREMIUM-SENT"
WRITTEN = "INTERCHANGE-DATE"  # asked of an interchange, not of a member
DOUBTS = (BIRTH, SUBSCRIBER, SPOUSE, PARENT, ZIP, NAME, PREMIUM, WRITTEN)  # what only doubts, in its order

OLDEST: Final = 120  # years
YOUNGEST: Final = 14  # years, of a subscriber or a spouse
FARTHEST: Final = 7  # days between the date of an interchange (ISA09) and its receipt

# Names that test files have, as letters alone: either name of a person, or first and last together.
TEST_NAMES = frozenset(
    {"TEST", "TESTER", "TESTING", "TESTCASE", "TESTMEMBER", "TESTPATIENT", "FIRSTNAME", "LASTNAME"}
)
TEST_PEOPLE = frozenset(
    {
        ("JOHN", "DOE"),
        ("JANE", "DOE"),
        ("MICKEY", "MOUSE"),
        ("MINNIE", "MOUSE"),
        ("DONALD", "DUCK"),
        ("HOMER", "SIMPSON"),
    }
)

# First and last prefix (three digits, inclusive) and the states they lie in: USPS labeling list L002. Prefixes
# that cross a border name both.
_PREFIXES = (
    (5, 5, "NY"), (6, 7, "PR"), (8, 8, "VI"), (9, 9, "PR"), (10, 27, "MA"), (28, 29, "RI"), (30, 38, "NH"),
    (39, 49, "ME"), (50, 54, "VT"), (55, 55, "MA"), (56, 59, "VT"), (60, 62, "CT"),
    (63, 63, "CT NY"), (64, 69, "CT"),
    (70, 89, "NJ"), (90, 98, "AE"), (100, 149, "NY"), (150, 196, "PA"), (197, 199, "DE"), (200, 200, "DC"),
    (201, 201, "VA"), (202, 205, "DC"), (206, 219, "MD"), (220, 246, "VA"), (247, 268, "WV"), (270, 289, "NC"),
    (290, 299, "SC"), (300, 319, "GA"), (320, 339, "FL"), (340, 340, "AA"), (341, 349, "FL"), (350, 369, "AL"),
    (370, 385, "TN"), (386, 397, "MS"), (398, 399, "GA"), (400, 421, "KY"), (422, 422, "KY TN"), (423, 427, "KY"),
    (430, 458, "OH"), (459, 459, "OH KY"), (460, 479, "IN"), (480, 499, "MI"), (500, 528, "IA"), (530, 549, "WI"),
    (550, 567, "MN"), (569, 569, "DC"), (570, 577, "SD"), (580, 588, "ND"), (590, 599, "MT"), (600, 629, "IL"),
    (630, 658, "MO"), (660, 679, "KS"), (680, 693, "NE"), (700, 714, "LA"), (716, 729, "AR"), (730, 732, "OK"),
    (733, 733, "TX"), (734, 738, "OK"), (739, 739, "OK TX"), (740, 749, "OK"), (750, 799, "TX"), (800, 816, "CO"),
    (820, 831, "WY"), (832, 833, "ID"), (834, 834, "ID WY"), (835, 838, "ID"), (840, 847, "UT"), (850, 864, "AZ"),
    (865, 865, "AZ NM"), (870, 884, "NM"), (885, 885, "TX"), (889, 893, "NV"),
    (894, 894, "NV CA"), (895, 898, "NV"),
    (900, 961, "CA"), (962, 966, "AP"), (967, 967, "HI AS"), (968, 968, "HI"), (969, 969, "GU MP PW FM MH"),
    (970, 975, "OR"), (976, 976, "OR CA"), (977, 979, "OR"), (980, 994, "WA"), (995, 999, "AK"),
)  # fmt: skip
_STATES = {f"{n:03}": tuple(states.split()) for first, last, states in _PREFIXES for n in range(first, last + 1)}
STATES = frozenset(state for states in _STATES.values() for state in states)


def states_of(zip_code: str) -> tuple[str, ...]:
    """Return the states in which a ZIP code may lie; none where its first three digits are nobody's."""
    return _STATES.get(zip_code[:3], ())

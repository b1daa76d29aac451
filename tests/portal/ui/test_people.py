"""What tells people apart who are called alike: the most telling that differs, and always something."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.portal.web.ui.language import Languages
from services.portal.web.ui.people import told_apart

DUTCH = Languages()["nl"]
WORDS = st.sampled_from(["", "CAW", "mandaat vanaf 1 mei", "Aalst"])
PEOPLE = st.dictionaries(
    st.sampled_from("abcdefg"), st.tuples(st.sampled_from(["An Maes", "an  maes", "Bo"]), st.tuples(WORDS, WORDS))
)


@given(PEOPLE)
def test_no_two_lines_read_the_same(people: dict[str, tuple[str, tuple[str, str]]]) -> None:
    lines = {line_id: name for line_id, (name, _) in people.items()}
    added = told_apart(lines, lambda line_id: people[line_id][1], DUTCH)
    read = {" ".join(f"{name}{added[line_id]}".casefold().split()) for line_id, name in lines.items()}
    assert len(read) == len(lines)


def added(*details: tuple[str, str]) -> list[str]:
    """What is put behind the lines of people who are all called An."""
    ids = [str(place) for place in range(len(details))]
    said = told_apart(dict.fromkeys(ids, "An"), lambda line_id: details[int(line_id)], DUTCH)
    return [said[line_id] for line_id in ids]


def test_the_first_that_differs_is_enough() -> None:
    assert added(("CAW", "Aalst")) == [""]
    assert added(("CAW", "Aalst"), ("CLB", "Ronse")) == [" (CAW)", " (CLB)"]
    assert added(("CAW", "Aalst"), ("CAW", "Ronse")) == [" (Aalst)", " (Ronse)"]
    assert added(("CAW", "Aalst"), ("CAW", "Ronse"), ("CLB", "Aalst")) == [
        " (CAW, Aalst)",
        " (CAW, Ronse)",
        " (CLB, Aalst)",
    ]
    assert added(("CAW", ""), ("CAW", ""), ("CLB", "")) == [" (CAW, nummer 1)", " (CAW, nummer 2)", " (CLB)"]

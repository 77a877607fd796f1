"""What one record says otherwise than another, field by field."""

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import chain

from reports.phrases import records
from reports.phrases.results import METHODS
from reports.snapshot import Difference, Line, Photo, Record
from reports.words import Words


def differences(before: Record, after: Record) -> tuple[Difference, ...]:
    """Return every field in which `after` differs, in its order, then what it no longer asks."""
    old, new, say = _lines(before), _lines(after), Words(after.printed_in)
    keys = dict.fromkeys([*new, *old])
    return tuple(one for key in keys for one in _between(old.get(key), new.get(key), say))


def _lines(record: Record) -> Mapping[tuple[str, str, int], Line]:
    """Return lines by item, name and place among namesakes: a record may hold a name twice."""
    found: dict[tuple[str, str, int], Line] = {}
    namesakes: Counter[tuple[str, str]] = Counter()
    for line in chain.from_iterable(section.lines for section in record.sections):
        known_as = line.code, line.about
        found[(*known_as, namesakes[known_as])] = line
        namesakes[known_as] += 1
    return found


def _between(old: Line | None, new: Line | None, say: Words) -> Iterable[Difference]:
    asked = new or old
    if asked is None or old == new:
        return
    was, is_now = _fields(old, say), _fields(new, say)
    if old and new:
        was["photos"], is_now["photos"] = _photos(old.photos, new.photos, say)
    for field in ("response", "comment", "reason", "method", "photos"):
        if was[field] != is_now[field]:
            yield Difference(
                number=asked.number,
                prompt=asked.prompt,
                about=asked.about,
                field=field,
                before=was[field],
                after=is_now[field],
            )


def _fields(line: Line | None, say: Words) -> dict[str, str]:
    if line is None:
        return dict.fromkeys(("response", "comment", "reason", "method", "photos"), "")
    return {
        "response": line.response,
        "comment": line.comment,
        "reason": line.reason,
        "method": say(METHODS[line.method]) if line.method in METHODS else line.method,
        "photos": _counted(len(line.photos), say),
    }


def _photos(old: tuple[Photo, ...], new: tuple[Photo, ...], say: Words) -> tuple[str, str]:
    """Return both in words; where their number is the same, say that they are others."""
    before, after = {one.digest for one in old}, {one.digest for one in new}
    if before == after:
        return "", ""
    gone, come = len(before - after), len(after - before)
    said = [say(records.TAKEN_AWAY, number=gone)] if gone else []
    said += [say(records.ADDED, number=come)] if come else []
    whole = _counted(len(new), say) or say(records.NO_PHOTOS)
    return _counted(len(old), say), say.aside(whole, say.listed(said))


def _counted(count: int, say: Words) -> str:
    return say.counted(records.PHOTOS, count) if count else ""

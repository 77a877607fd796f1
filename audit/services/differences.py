"""What one record says otherwise than another, field by field."""

from collections.abc import Iterable, Mapping

from reports.snapshot import Difference, Line, Photo, Record


def differences(before: Record, after: Record) -> tuple[Difference, ...]:
    """Return every field in which `after` differs, in its order, then what it no longer asks."""
    old, new = _lines(before), _lines(after)
    keys = dict.fromkeys([*new, *old])
    return tuple(one for key in keys for one in _between(old.get(key), new.get(key)))


def _lines(record: Record) -> Mapping[tuple[str, str], Line]:
    every = (line for section in record.sections for line in section.lines)
    return {(line.code, line.about): line for line in every}


def _between(old: Line | None, new: Line | None) -> Iterable[Difference]:
    asked = new or old
    if asked is None or old == new:
        return
    was, is_now = _fields(old), _fields(new)
    if old and new:
        was["photos"], is_now["photos"] = _photos(old.photos, new.photos)
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


def _fields(line: Line | None) -> dict[str, str]:
    if line is None:
        return dict.fromkeys(("response", "comment", "reason", "method", "photos"), "")
    return {
        "response": line.response,
        "comment": line.comment,
        "reason": line.reason,
        "method": line.method,
        "photos": _counted(len(line.photos)),
    }


def _photos(old: tuple[Photo, ...], new: tuple[Photo, ...]) -> tuple[str, str]:
    """Return both in words; where their number is the same, say that they are others."""
    before, after = {one.digest for one in old}, {one.digest for one in new}
    if before == after:
        return "", ""
    gone, come = len(before - after), len(after - before)
    said = [f"{gone} taken away"] if gone else []
    said += [f"{come} added"] if come else []
    return _counted(len(old)), f"{_counted(len(new)) or 'none'} ({', '.join(said)})"


def _counted(count: int) -> str:
    return f"{count} photo{'' if count == 1 else 's'}" if count else ""

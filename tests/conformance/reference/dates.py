"""Instants as milliseconds from 1970 in UTC, and the calendar of a zone."""

import re
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

DAY = 86_400_000
EPOCH = datetime(1970, 1, 1)
EPOCH_DAY = date(1970, 1, 1).toordinal()
FIRST = (date(1, 1, 1).toordinal() - EPOCH_DAY) * DAY
LAST = (date(9999, 12, 31).toordinal() - EPOCH_DAY + 1) * DAY - 1

FORM = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})"
    r"(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?(Z|[+-]\d{2}:?\d{2})?)?",
    re.ASCII,
)


def civil(year, month, day, hour=0, minute=0, second=0, millisecond=0):
    """A local time as milliseconds from 1970 on the wall; None where there is none."""
    try:
        day_number = date(year, month, day).toordinal() - EPOCH_DAY
    except ValueError:
        return None
    if hour > 23 or minute > 59 or second > 59:
        return None
    return day_number * DAY + ((hour * 60 + minute) * 60 + second) * 1000 + millisecond


def zone_of(name):
    """A zone by its name, or a fixed offset such as `-02:30`."""
    if name[0] not in "+-":
        return ZoneInfo(name)
    assert re.fullmatch(r"[+-]\d{2}:[0-5]\d", name, re.ASCII), name
    shift = timedelta(hours=int(name[1:3]), minutes=int(name[4:]))
    assert shift <= timedelta(hours=18), name
    return timezone(shift if name[0] == "+" else -shift)


def offset_at(instant, zone):
    """The zone's offset at an instant in milliseconds."""
    # Python's calendar ends where a local time would; three days further in
    # the offset is the same.
    inside = min(max(instant, FIRST + 3 * DAY), LAST - 3 * DAY)
    moment = (EPOCH + timedelta(milliseconds=inside)).replace(tzinfo=ZoneInfo("UTC"))
    return round(moment.astimezone(zone_of(zone)).utcoffset() / timedelta(milliseconds=1))


def local(instant, zone):
    """What the wall shows at an instant, held within the years 0001 to 9999."""
    return min(max(instant + offset_at(instant, zone), FIRST), LAST)


def resolve(wall, zone):
    """The instant of a local time; None outside the years 0001 to 9999 of UTC."""
    inside = min(max(wall, FIRST + 3 * DAY), LAST - 3 * DAY)
    # Fold 0 takes the offset before a transition: the earlier of two, and in
    # a gap the one that moves forward by the gap.
    moment = (EPOCH + timedelta(milliseconds=inside)).replace(tzinfo=zone_of(zone), fold=0)
    instant = wall - round(moment.utcoffset() / timedelta(milliseconds=1))
    return instant if FIRST <= instant <= LAST else None


def parse(text, zone):
    """The instant of a date's text; None where it is no date."""
    found = FORM.fullmatch(text)
    if not found:
        return None
    year, month, day, hour, minute, second, fraction, offset = found.groups()
    millisecond = int((fraction or "0")[:3].ljust(3, "0"))
    wall = civil(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), millisecond)
    if wall is None:
        return None
    if offset is None:
        return resolve(wall, zone)
    instant = wall
    if offset != "Z":
        hours, minutes = int(offset[1:3]), int(offset[-2:])
        if minutes > 59 or hours * 60 + minutes > 18 * 60:
            return None
        shift = (hours * 60 + minutes) * 60_000
        instant = wall - shift if offset[0] == "+" else wall + shift
    return instant if FIRST <= instant <= LAST else None


def date_of(wall):
    """Year, month and day that the wall shows."""
    shown = date.fromordinal(wall // DAY + EPOCH_DAY)
    return shown.year, shown.month, shown.day


def weekday(wall):
    """Sunday 1 to Saturday 7."""
    return date.fromordinal(wall // DAY + EPOCH_DAY).isoweekday() % 7 + 1


def minute_of_day(wall):
    return wall % DAY // 60_000


def common(year):
    return not (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0))


def nearest_anniversary(wall, anniversary_wall):
    """Days from a local date to the nearest anniversary of another one."""
    _, month, day = date_of(anniversary_wall)
    here = wall // DAY + EPOCH_DAY
    year = date_of(wall)[0]
    distances = []
    for candidate in (year - 1, year, year + 1):
        # The calendar repeats after 400 years, so the years beyond its ends
        # are looked at 400 years further in.
        shift = 400 if candidate < 1 else -400 if candidate > 9999 else 0
        inside = candidate + shift
        used = 28 if (month, day) == (2, 29) and common(inside) else day
        ordinal = date(inside, month, used).toordinal() - (shift // 400) * 146_097
        distances.append(abs(here - ordinal))
    return min(distances)

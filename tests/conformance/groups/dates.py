"""Dates: calendar, zones with gaps and overlaps, spans of hours, date forms and constants."""

from itertools import product

from reference import dates as calendar
from reference.suite import Raw, Suite

JOIN, SLAB, DATE = "currentCustomer.joinDate", "currentCustomer.slabChangeDate", "currentTxn.date"


def at(date, **more):
    return {"currentTxn": {"date": date} | more}


def pair(join, slab):
    return {
        "currentCustomer": {
            name: date for name, date in (("joinDate", join), ("slabChangeDate", slab)) if date is not None
        }
    }


def cases():
    parts(Suite("dates-parts", "Day of the week, parts of a date, weekend and weekday, in many zones."))
    zones(Suite("dates-zones", "Local times in gaps and overlaps, and the ends of the calendar."))
    forms(Suite("dates-forms", "Which forms a date of a document may have."))
    differences(Suite("dates-differences", "dateDiff, daysDiff, daysDiffFromString and minutesDiff."))
    offsets(Suite("dates-offsets", "Fixed offsets as zones, zones right to the end of 9999, a space for the T."))
    ends(Suite("dates-ends", "Both ends of the calendar, by every method, in zones of all kinds."))
    spans(Suite("dates-spans", "isHourBetween, isTimeBetween, isAfter, isBefore, and constants that cannot be."))


def offsets(suite):
    moments = ["2024-07-28T23:45:00Z", "2024-07-28T02:15:00+01:00", "2024-12-31", "2024-02-29T12:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"]  # fmt: skip
    zones = ["+05:30", "-02:30", "+18:00", "-18:00", "+00:00", "-00:00", "+00:01", "-12:45"]
    for zone, moment in product(zones, moments):
        why = "a fixed offset is a zone"
        suite.decide("fixed", f"{DATE}.day()==1||{DATE}.dayOfMonth()==31", at(moment), zone=zone, why=why)
        suite.decide("fixed", f"{DATE}.isHourBetween(12,24)", at(moment), zone=zone)
        suite.decide("fixed", f"{DATE}.isAfter(2024,7,28,12,0,0)", at(moment), zone=zone)
        suite.decide("fixed", f"{JOIN}.dateDiff({SLAB})==1", pair(moment, "2024-12-30T18:00:00Z"), zone=zone)
        suite.decide("fixed", f"{JOIN}.isBefore(1,1,1)||{JOIN}.isAfter(9999,12,31)", pair(moment, None), zone=zone)
    late = [
        "9999-12-30T22:00:00.000Z", "9999-12-30T22:00:00.001Z", "9999-12-31T00:00:00Z", "9999-12-31T04:59:59.999Z", "9999-12-31T05:00:00Z", "9999-12-31", "9999-12-31T23:59:59Z",
        "9999-12-31T18:29:59.999Z", "9999-12-31T18:30:00Z", "9999-12-31T23:59:59.999Z",
    ]  # fmt: skip
    zones = ["America/New_York", "Asia/Kolkata", "Pacific/Auckland", "Pacific/Pago_Pago", "Australia/Lord_Howe", "UTC", "-18:00", "+18:00"]
    for zone, moment in product(zones, late):
        why = "a zone applies right to the end of 9999; what it shows is held there"
        suite.decide("late", f"{DATE}.dayOfMonth()==30", at(moment), zone=zone, why=why)
        suite.decide("late", f"{DATE}.day()==6", at(moment), zone=zone)
        suite.decide("late", f"{DATE}.isHourBetween(17,20)", at(moment), zone=zone)
        suite.decide("late", f"{JOIN}.dateDiff({SLAB})==1", pair(moment, "9999-12-30T12:00:00Z"), zone=zone)
        suite.decide("late", f"{JOIN}.daysDiff({SLAB})==0", pair(moment, "2024-12-31T12:00:00Z"), zone=zone)
        suite.decide("late", f"{JOIN}.minutesDiff({SLAB})<1000", pair(moment, "9999-12-30T12:00:00Z"), zone=zone)
        suite.decide("late", f"{JOIN}.isAfter(9999,12,31)", pair(moment, None), zone=zone)
    for zone, moment in product(["America/New_York", "Asia/Kolkata"], ["0001-01-01", "0001-01-01T04:00:00Z", "0001-01-01T23:00:00Z"]):
        suite.decide("early", f"{DATE}.dayOfMonth()==1&&{DATE}.isHourBetween(0,1)", at(moment), zone=zone)
        suite.decide("early", f"{DATE}.isHourBetween(3,8)", at(moment), zone=zone)
    spaced = [
        "2024-07-28 23:45:00Z", "2024-07-28 23:45", "2024-07-28 23:45:00.5", "2024-07-28 23:45:00+0530", "2024-07-28 23:45+05:30", "2024-07-28  23:45", " 2024-07-28 23:45",
        "2024-07-28 23:45 ", "2024-07-28 ", "2024-07-28 23", "2024-07-28 T23:45", "2024-07-28T 23:45", "2024-07-28\t23:45", "2024-07-28\u00a023:45", "2024-07-28 23:45 Z", "2024-07-28t23:45",
    ]  # fmt: skip
    for moment in spaced:
        why = "one space may stand for the T"
        suite.decide("space", f"{DATE}.isAfter(2024,7,28)", at(moment), zone="Asia/Kolkata", why=why)
        suite.decide("space", f"{DATE}.isValid()", at(moment), zone="-02:30")
        field = {"currentCustomer": {"joinDate": "2024-07-27T00:00:00Z", "name": moment, "extendedFields": {"x": moment}}}
        suite.decide("space", "currentCustomer.name.isValidDate()", field)
        suite.decide("space", f"{JOIN}.daysDiffFromString(currentCustomer.name)==1", field)
        types = {"currentCustomer.extField_x": "date"}
        suite.decide("space", "currentCustomer.extField_x.day()==1", field, types=types)
    for moment in spaced[:5]:
        suite.both("space-literal", f'{JOIN}.daysDiffFromString("{moment}")==0', pair("2024-07-28T20:00:00Z", None))
        for method in ("dateDiff", "daysDiff"):
            suite.both("space-literal", f'{JOIN}.{method}("{moment}")==0', pair("2024-07-28T20:00:00Z", None))
    for moment in spaced[5:8]:
        suite.errors("space-literal", f'{JOIN}.dateDiff("{moment}")==0', "impossible-value")


def ends(suite):
    zones = [
        "Asia/Kathmandu", "Pacific/Chatham", "America/St_Johns", "Africa/Casablanca", "Pacific/Kiritimati", "America/Los_Angeles", "-09:30",
    ]  # fmt: skip
    moments = [
        "0001-01-01T00:00:00Z", "0001-01-01", "0001-01-01T13:59:59.999Z", "9999-12-30T22:00:00.001Z", "9999-12-31T10:15:00Z", "9999-12-31T23:59:59.999Z",
    ]  # fmt: skip
    rules = [
        f"{DATE}.isWeekend()", f"{DATE}.isWeekday()", f"{DATE}.month()==12&&{DATE}.year()==9999", f"{DATE}.month()==1&&{DATE}.year()==1", f"{DATE}.isTimeBetween(9,30,14,45)", f"{DATE}.isHourBetween(20,4)",
        f"{DATE}.isBefore(1,1,2)", f"{DATE}.isBefore(9999,12,31,18,0,0)", f"{DATE}.isAfter(9999,12,30,23,59,59)", f"{DATE}.dayOfMonth()<2||{DATE}.dayOfMonth()>30", f"{DATE}.day()>5",
        f'{DATE}.daysDiffFromString("2024-01-01")<=1', f'{DATE}.dateDiff("9999-12-31")<=1', f'{DATE}.minutesDiff("0001-01-01")<900', f"{DATE}.daysDiff({JOIN})==1", f"{DATE}>{JOIN}", f"{DATE}.isAfter({JOIN})",
    ]  # fmt: skip
    for zone, moment, rule in product(zones, moments, rules):
        whole = at(moment) | {"currentCustomer": {"joinDate": "9999-12-31T05:00:00Z"}}
        suite.decide("ends", rule, whole, zone=zone, why="a zone applies from the first day to the last")


def parts(suite):
    days = [
        "2024-02-28", "2024-02-29", "2024-03-01", "2023-02-28", "2000-02-29", "1900-02-28", "2100-02-28", "2024-12-31", "2025-01-01", "1970-01-01", "1969-12-31",
        "0001-01-01", "9999-12-31", "2024-07-28", "2024-07-29", "2024-08-03", "1582-10-10",
    ]  # fmt: skip
    for day in days:
        wall = calendar.civil(*map(int, day.split("-")))
        year, month, dom = calendar.date_of(wall)
        suite.decide(
            "parts",
            f"{DATE}.year()=={year}&&{DATE}.month()=={month}&&{DATE}.dayOfMonth()=={dom}&&{DATE}.day()=={calendar.weekday(wall)}",
            at(day),
        )
        suite.decide("weekend", f"{DATE}.isWeekend()", at(day))
        suite.decide("weekday", f"{DATE}.isWeekday()", at(day))
    for number, day in enumerate(
        ["2024-07-28", "2024-07-29", "2024-07-30", "2024-07-31", "2024-08-01", "2024-08-02", "2024-08-03"], 1
    ):
        suite.both("day", f"{DATE}.day()=={number}", at(day), why="Sunday is 1, Saturday 7")
        suite.decide("day", f"{DATE}.day( )>5", at(day))
    for name, value in [("year", 2024), ("month", 2), ("dayOfMonth", 29)]:
        suite.decide("no-brackets", f"{DATE}.{name}=={value}", at("2024-02-29"), text=f"{DATE}.{name}()=={value}")
        suite.decide("no-brackets", f"({DATE}).{name}>={value}", at("2024-02-29"))
    for method in ("day", "dayOfMonth", "month", "year"):
        suite.decide("absent", f"{DATE}.{method}()==1", {})
        suite.both(
            "invalid",
            f"{DATE}.{method}()==1",
            at("2024-02-30"),
            why="a string that is no date is a fault of the attribute",
        )
        suite.errors("arguments", f"{DATE}.{method}(1)==1", "argument-count")
    for method in ("isWeekday", "isWeekend"):
        suite.decide("absent", f"{DATE}.{method}()", {})
        suite.decide("invalid", f"{DATE}.{method}()", at("yesterday"))
        suite.decide("dummy", f'{DATE}.{method}(" ")', at("2024-07-28"))
    suite.errors("no-brackets", f"{DATE}.day==1", "unknown-name", why="day is written with brackets")
    suite.errors("no-brackets", f"{DATE}.isWeekend", "unknown-name")
    suite.errors("no-brackets", "currentCustomer.name.isNull", "unknown-name")
    zones = [
        "UTC",
        "Asia/Kolkata",
        "America/New_York",
        "Pacific/Kiritimati",
        "Pacific/Pago_Pago",
        "Australia/Eucla",
        "Asia/Kathmandu",
    ]
    for instant, zone in product(
        ["2024-12-31T23:59:59.999Z", "2025-01-01T00:00:00Z", "2024-03-01T04:59:59Z", "2024-07-28T10:00:00+00:00"], zones
    ):
        wall = calendar.local(calendar.parse(instant, zone), zone)
        year, month, dom = calendar.date_of(wall)
        suite.decide(
            "zone",
            f"{DATE}.year()=={year}&&{DATE}.month()=={month}&&{DATE}.dayOfMonth()=={dom}&&{DATE}.day()=={calendar.weekday(wall)}",
            at(instant),
            zone=zone,
        )
        suite.decide("zone", f"{DATE}.isWeekend()||{DATE}.dayOfMonth()==31", at(instant), zone=zone)


GAPS = [
    ("America/New_York", "2024-03-10T01:59:59.999"), ("America/New_York", "2024-03-10T02:00:00"), ("America/New_York", "2024-03-10T02:30:00"), ("America/New_York", "2024-03-10T02:59:59"),
    ("America/New_York", "2024-03-10T03:00:00"), ("America/New_York", "2024-11-03T00:59:59"), ("America/New_York", "2024-11-03T01:00:00"), ("America/New_York", "2024-11-03T01:30:00"),
    ("America/New_York", "2024-11-03T01:59:59"), ("America/New_York", "2024-11-03T02:00:00"), ("Europe/Berlin", "2024-03-31T02:30:00"), ("Europe/Berlin", "2024-10-27T02:30:00"),
    ("Australia/Lord_Howe", "2024-10-06T01:59:59"), ("Australia/Lord_Howe", "2024-10-06T02:00:00"), ("Australia/Lord_Howe", "2024-10-06T02:15:00"), ("Australia/Lord_Howe", "2024-10-06T02:30:00"),
    ("Australia/Lord_Howe", "2024-04-07T01:29:59"), ("Australia/Lord_Howe", "2024-04-07T01:30:00"), ("Australia/Lord_Howe", "2024-04-07T01:45:00"), ("Australia/Lord_Howe", "2024-04-07T02:00:00"),
    ("Pacific/Apia", "2011-12-29T23:59:59"), ("Pacific/Apia", "2011-12-30T00:00:00"), ("Pacific/Apia", "2011-12-30T12:00:00"), ("Pacific/Apia", "2011-12-31T00:00:00"),
    ("America/Sao_Paulo", "2018-11-04T00:00:00"), ("America/Sao_Paulo", "2018-11-04T00:30:00"), ("America/Sao_Paulo", "2018-02-17T23:30:00"), ("Asia/Kolkata", "2024-03-10T02:30:00"),
    ("Africa/Cairo", "2024-04-26T00:30:00"), ("Asia/Beirut", "2024-03-31T00:00:00"), ("Europe/Dublin", "2024-10-27T01:30:00"), ("America/St_Johns", "2011-11-06T00:00:30"),
    ("Pacific/Kwajalein", "1993-08-21T12:00:00"), ("Asia/Manila", "1844-12-31T12:00:00"), ("America/Juneau", "1867-10-18T12:00:00"), ("Europe/Paris", "1900-01-01T00:00:00"),
]  # fmt: skip


def iso(instant):
    """An instant in ISO form."""
    year, month, day = calendar.date_of(instant)
    seconds, millisecond = divmod(instant % calendar.DAY, 1000)
    return f"{year:04}-{month:02}-{day:02}T{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{millisecond:03}Z"


def zones(suite):
    for zone, wall in GAPS:
        instant = calendar.parse(wall, zone)
        suite.decide(
            "local",
            f"{JOIN}=={SLAB}",
            pair(wall, iso(instant)),
            zone=zone,
            why="in a gap forward by the gap, in an overlap the earlier one",
        )
        suite.decide("local", f"{JOIN}!={SLAB}", pair(wall, iso(instant + 1)), zone=zone)
        shown = calendar.local(instant, zone)
        year, month, day = calendar.date_of(shown)
        minute = calendar.minute_of_day(shown)
        suite.decide(
            "shown",
            f"{JOIN}.year()=={year}&&{JOIN}.month()=={month}&&{JOIN}.dayOfMonth()=={day}&&{JOIN}.isTimeBetween({minute // 60},{minute % 60},{(minute + 1) // 60},{(minute + 1) % 60})",
            pair(wall, None),
            zone=zone,
        )
        numbers = ",".join(str(int(part)) for part in wall.replace("T", "-").replace(":", "-").split(".")[0].split("-"))
        suite.decide("constant", f"{JOIN}.isAfter({numbers})", pair(iso(instant), None), zone=zone)
        suite.decide("constant", f"{JOIN}.isBefore({numbers})", pair(iso(instant - 2000), None), zone=zone)
    for zone, day in [
        ("America/Sao_Paulo", "2018-11-04"),
        ("Pacific/Apia", "2011-12-30"),
        ("Asia/Beirut", "2024-03-31"),
        ("America/New_York", "2024-03-10"),
        ("Asia/Kolkata", "2024-07-29"),
        ("Africa/Cairo", "2024-04-26"),
    ]:
        suite.decide(
            "midnight",
            f"{JOIN}=={SLAB}",
            pair(day, iso(calendar.parse(day, zone))),
            zone=zone,
            why="a date alone is 00:00 in the zone, moved forward where a gap has no 00:00",
        )
    for zone in ("UTC", "America/New_York", "Asia/Kolkata", "Pacific/Kiritimati", "Pacific/Pago_Pago"):
        for text in ("9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", 253402300799999, -62135596800000):
            wall = calendar.local(text if isinstance(text, int) else calendar.parse(text, zone), zone)
            year, month, day = calendar.date_of(wall)
            suite.decide(
                "ends",
                f"{JOIN}.year()=={year}&&{JOIN}.month()=={month}&&{JOIN}.dayOfMonth()=={day}&&{JOIN}.isValid()",
                pair(text, None),
                zone=zone,
                why="held at the first or last local millisecond",
            )
        suite.decide(
            "never",
            f"{JOIN}>{SLAB}",
            pair("9999-12-31T23:59:59Z", "2500-01-01"),
            zone=zone,
            why="never is later than any other date",
        )
        suite.decide(
            "never",
            f"{JOIN}.isAfter(2500,1,1)&&!{JOIN}.isNull()&&{JOIN}.isValid()",
            pair("9999-12-31T23:59:59Z", None),
            zone=zone,
        )
        for text in ("9999-12-31T23:59:59", "0001-01-01T00:00:00", "9999-12-31", "0001-01-01"):
            suite.decide(
                "beyond",
                f"{JOIN}.isValid()",
                pair(text, None),
                zone=zone,
                why="a local time at the ends may lie outside the years 0001 to 9999 of UTC",
            )
            suite.decide("beyond", f"{JOIN}.year()>1", pair(text, None), zone=zone)
    suite.decide(
        "offset",
        f"{JOIN}.day()==1",
        pair("2024-07-27T23:00:00-02:00", None),
        why="an offset places the instant, it does not change the zone",
    )
    suite.decide("offset", f"{JOIN}.isHourBetween(4,5)", pair("2024-07-27T23:00:00Z", None), zone="Asia/Kolkata")


FORMS = [
    "2024-02-29", "2024-02-29T10:20", "2024-02-29T10:20:30", "2024-02-29T10:20:30.1", "2024-02-29T10:20:30.123456789", "2024-02-29T10:20Z", "2024-02-29T10:20:30Z",
    "2024-02-29T10:20:30.5Z", "2024-02-29T10:20:30+0530", "2024-02-29T10:20:30+05:30", "2024-02-29T10:20+00:00", "2024-02-29T10:20:30.000+0000", "2024-02-29T10:20:30-18:00",
    "2024-02-29T10:20:30+18:00", "2024-02-29T00:00:00-00:00", "2024-02-29T23:59:59.999Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59Z",
    "2024-02-29T10:20:30+18:01", "2024-02-29T10:20:30+19:00", "2024-02-29T10:20:30+05:60", "2024-02-29T10:20:30+05", "2024-02-29T10:20:30+5:30", "2024-02-29T10:20:30 +05:30",
    "2024-02-29t10:20:30z", "2024-02-29T10:20:30z", "2024-02-29 10:20:30", "2024-02-29T24:00:00", "2024-02-29T10:60", "2024-02-29T10:20:60", "2024-02-29T10", "2024-02-29T", "2024-02-29Z",
    "2024-02-29T10:20:30.", "2024-02-29T10:20:30,5Z", "2024-02-29T10:20.5", "20240229", "20240229T102030Z", "2024-2-29", "24-02-29", "2024/02/29", "29-02-2024", "2024-02-29T10:20:30[Asia/Kolkata]",
    "2024-02-29T10:20:30Z[UTC]", "2023-02-29", "2024-02-30", "2024-13-01", "2024-00-10", "2024-04-31", "2024-01-00", "0000-12-31", "10000-01-01", "+2024-02-29", "-0001-01-01", "1900-02-29", "2100-02-29",
    "2000-02-29", " 2024-02-29", "2024-02-29 ", "", "never", "1709164800000", "２０２４-02-29", "2024-02-29T10:20:30ZZ", "2024-W09-4", "2024-060", "9999-12-31T23:59:59-00:01", "0001-01-01T00:00:00+00:01", "null",
]  # fmt: skip


def forms(suite):
    for text in FORMS:
        suite.decide("valid", f"{DATE}.isValid()", at(text))
        instant = calendar.parse(text, "Asia/Kolkata")
        if instant is None:
            suite.decide(
                "invalid",
                f"{DATE}.year()>0",
                at(text),
                zone="Asia/Kolkata",
                why="present but invalid: a fault of the attribute",
            )
            suite.decide("invalid", f"{DATE}.isNotNull()", at(text))
        else:
            suite.decide(
                "instant",
                f"{JOIN}=={SLAB}",
                pair(text, iso(instant)),
                zone="Asia/Kolkata",
                why="without an offset in the evaluation's zone; digits finer than milliseconds are cut",
            )
    for number, valid in [
        ("0", True),
        ("1709164800000", True),
        ("-1", True),
        ("253402300799999", True),
        ("253402300800000", False),
        ("-62135596800000", True),
        ("-62135596800001", False),
        ("1e12", None),
        ("1709164800000.0", None),
    ]:
        if valid is not None:
            suite.decide(
                "epoch", f"{DATE}.isValid()", at(Raw(number)), why="epoch milliseconds within the years 0001 to 9999"
            )
            suite.decide("epoch", f"{DATE}.year()>=1970", at(Raw(number)))
    suite.refused("refused", f"{DATE}.isValid()", at(Raw("1709164800000.5")), "wrong-type", "/currentTxn/date")
    for value in ("true", "[]", "{}"):
        suite.refused("refused", f"{DATE}.isValid()", at(Raw(value)), "wrong-type", "/currentTxn/date")


def differences(suite):
    walls = [
        "2024-02-29",
        "2024-02-28T23:59:59",
        "2024-03-01T00:00:00",
        "2023-02-28",
        "2025-03-01",
        "2024-12-31T23:59:59.999",
        "2025-01-01",
        "2024-07-29T12:00:00",
        "2000-02-29",
        "2024-08-29",
    ]
    for left, right in product(walls, repeat=2):
        one, other = calendar.parse(left, "UTC"), calendar.parse(right, "UTC")
        difference = abs(one // calendar.DAY - other // calendar.DAY)
        if left <= right:
            suite.decide("dateDiff", f"{JOIN}.dateDiff({SLAB})=={difference}", pair(left, right))
        nearest = calendar.nearest_anniversary(one, other)
        suite.decide(
            "daysDiff", f"{JOIN}.daysDiff({SLAB})=={nearest}", pair(left, right), why="days to the nearest anniversary"
        )
    for day in (
        "2024-12-31",
        "2025-01-01",
        "2025-06-30",
        "2025-07-01",
        "2025-07-02",
        "2025-07-03",
        "2024-07-01",
        "2024-07-02",
        "0001-01-01",
        "0001-03-01",
        "9999-12-31",
        "9999-11-01",
    ):
        for birthday in ("1990-01-01", "1990-12-31", "1992-02-29", "1990-07-01"):
            nearest = calendar.nearest_anniversary(calendar.parse(day, "UTC"), calendar.parse(birthday, "UTC"))
            suite.decide("anniversary", f"{JOIN}.daysDiff({SLAB})=={nearest}", pair(day, birthday))
    for text in ("2025-01-01", "2024-02-29", "2024-07-29T23:59:59Z", "1990-12-31"):
        nearest = calendar.nearest_anniversary(calendar.parse("2024-12-30", "UTC"), calendar.parse(text, "UTC"))
        suite.both("from-string", f'{DATE}.daysDiffFromString("{text}")=={nearest}', at("2024-12-30"))
        suite.decide("from-string", f'{DATE}.daysDiff("{text}")=={nearest}', at("2024-12-30"))
        year, month, day = map(int, text[:10].split("-"))
        suite.decide("numbers", f"{DATE}.daysDiff({year},{month},{day})=={nearest}", at("2024-12-30"))
        suite.decide("numbers", f"{DATE}.dateDiff({year},{month},{day})<400", at("2024-12-30"))
        suite.decide("numbers", f'{DATE}.dateDiff("{text}")<400', at("2024-12-30"))
    for value in ("2025-01-01", "1990-12-31", "soon", "", None):
        suite.decide("from-attribute", f"{DATE}.daysDiffFromString(currentTxn.notes)<3", at("2024-12-30", notes=value))
    for left, right, minutes in [
        ("2024-07-29T12:00:00", "2024-07-29T12:00:59.999", 0), ("2024-07-29T12:00:00", "2024-07-29T12:01:00", 1), ("2024-07-29T12:01:00", "2024-07-29T12:00:00.001", 0),
        ("2024-07-29", "2024-07-30", 1440), ("2024-07-29T12:00:00+05:30", "2024-07-29T12:00:00Z", 330), ("9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", 5258964959),
    ]:  # fmt: skip
        suite.decide("minutesDiff", f"{JOIN}.minutesDiff({SLAB})=={minutes}", pair(left, right))
        suite.decide("minutesDiff", f"{SLAB}.minutesDiff({JOIN})=={minutes}", pair(left, right))
    suite.decide(
        "minutesDiff",
        f"{JOIN}.minutesDiff({SLAB})==60",
        pair("2024-03-10T01:30:00", "2024-03-10T03:30:00"),
        zone="America/New_York",
        why="instants, not walls: the gap is no time",
    )
    suite.decide(
        "minutesDiff",
        f"{JOIN}.minutesDiff({SLAB})==180",
        pair("2024-11-03T00:30:00", "2024-11-03T02:30:00"),
        zone="America/New_York",
    )
    for left, right, zone in [
        ("2024-07-28T18:29:59Z", "2024-07-28T18:30:00Z", "Asia/Kolkata"),
        ("2024-07-28T18:29:59Z", "2024-07-28T18:30:00Z", "UTC"),
        ("2011-12-29T12:00:00", "2011-12-31T12:00:00", "Pacific/Apia"),
        ("2024-03-10T00:00:00", "2024-03-11T00:00:00", "America/New_York"),
    ]:
        for days in (0, 1, 2):
            suite.decide(
                "local-days",
                f"{JOIN}.dateDiff({SLAB})=={days}",
                pair(left, right),
                zone=zone,
                why="calendar days between the local dates",
            )
    suite.decide("own", f"{DATE}.dateDiff({DATE})==0", at("2024-07-29"))
    for method in ("dateDiff", "daysDiff", "minutesDiff"):
        suite.both("absent", f"{JOIN}.{method}({SLAB})==0", pair("2024-07-29", None))
        suite.decide("absent", f"{JOIN}.{method}({SLAB})==0", pair(None, "2024-07-29"))
        suite.decide("absent", f"{JOIN}.{method}({SLAB})==0", pair(None, None))
        suite.both("invalid", f"{JOIN}.{method}({SLAB})==0", pair("2024-07-29", "29.7.2024"))
        suite.decide("invalid", f"{JOIN}.{method}({SLAB})==0", pair("?", "29.7.2024"))
        suite.errors("argument", f"{JOIN}.{method}()==0", "argument-count")
        suite.errors("argument", f'{JOIN}.{method}("soon")==0', ("impossible-value", '"soon"'))
        suite.errors("argument", f'{JOIN}.{method}("2023-02-29")==0', ("impossible-value", '"2023-02-29"'))
        suite.errors("argument", f"{JOIN}.{method}(2023,2,29)==0", "impossible-value")
        suite.errors("argument", f"{JOIN}.{method}(2023,13,1)==0", "impossible-value")
        suite.errors("argument", f"{JOIN}.{method}(currentTxn.value)==0", ("type-mismatch", "currentTxn.value"))
        suite.errors("argument", f"{JOIN}.{method}(currentCustomer.name)==0", ("type-mismatch", "currentCustomer.name"))
        suite.errors("argument", f"{JOIN}.{method}(true)==0", ("type-mismatch", "true"))
    suite.errors("argument", f'{DATE}.daysDiffFromString("tomorrow")==0', ("impossible-value", '"tomorrow"'))


def spans(suite):
    times = [
        "00:00:00",
        "02:59:59.999",
        "03:00:00",
        "03:29:59",
        "03:30:00",
        "08:59:59",
        "09:00:00",
        "12:00:00",
        "20:59:59.999",
        "21:00:00",
        "22:00:00",
        "23:59:59.999",
    ]
    for (start, end), time in product([(9, 21), (21, 9), (0, 24), (22, 3), (3, 24), (0, 3), (23, 0), (21, 22)], times):
        suite.decide("hours", f"{DATE}.isHourBetween({start},{end})", at(f"2024-07-29T{time}Z"))
    for edges, time in product(
        ["3,0,3,30", "3,30,3,0", "22,0,3,0", "9,15,21,0", "0,0,24,0", "23,59,0,0", "20,0,24,0"], times
    ):
        suite.decide("times", f"{DATE}.isTimeBetween({edges})", at(f"2024-07-29T{time}Z"))
    for time in ("2024-07-29T15:29:59Z", "2024-07-29T15:30:00Z"):
        suite.decide("zone", f"{DATE}.isHourBetween(21,24)", at(time), zone="Asia/Kolkata")
        suite.decide("zone", f"{DATE}.isTimeBetween(21,0,21,1)", at(time), zone="Asia/Kolkata")
    for hours in ("25,3", "3,25", "-1,3", "3,-1", "9,9", "0,0", "24,3", "9.5,12", "9,12.5", "24,24"):
        suite.errors("hours-refused", f"{DATE}.isHourBetween({hours})", "impossible-value")
    for edges in ("24,0,3,0", "3,60,4,0", "3,0,4,60", "3,0,25,0", "3,0,3,0", "3,-1,4,0", "3,0.5,4,0", "3,0,24,1"):
        suite.errors("times-refused", f"{DATE}.isTimeBetween({edges})", "impossible-value")
    suite.errors("hours-refused", f"{DATE}.isHourBetween(9)", "argument-count")
    suite.errors("hours-refused", f"{DATE}.isHourBetween(9,10,11)", "argument-count")
    suite.errors(
        "hours-refused", f'{DATE}.isHourBetween("9","10")', ("type-mismatch", '"9"'), ("type-mismatch", '"10"')
    )
    suite.errors(
        "hours-refused", f"{DATE}.isHourBetween(currentTxn.value,10)", ("literal-expected", "currentTxn.value")
    )
    suite.errors("hours-refused", f"{DATE}.isHourBetween(HH,HH)", ("literal-expected", "HH"), ("literal-expected", "HH"))
    suite.errors("times-refused", f"{DATE}.isTimeBetween(9,0,10)", "argument-count")
    for call in ("isHourBetween(9,21)", "isTimeBetween(9,0,21,0)", "isAfter(2024,1,1)", "isBefore(2024,1,1)"):
        suite.both("absent", f"{DATE}.{call}", {})
        suite.decide("invalid", f"{DATE}.{call}", at("2024-02-30"))
    for moment in (
        "2024-02-28T23:59:59.999Z",
        "2024-02-29T00:00:00Z",
        "2024-02-29T00:00:00.001Z",
        "2024-02-29T10:20:29.999Z",
        "2024-02-29T10:20:30Z",
        "2024-02-29T10:20:30.001Z",
        "9999-12-31T23:59:59Z",
    ):
        for method, argument in product(
            ["isAfter", "isBefore"], ["2024,2,29", "2024,2,29,10,20,30", '"2024-02-29T10:20:30Z"', '"2024-02-29"']
        ):
            suite.decide("order", f"{DATE}.{method}({argument})", at(moment), why="strictly")
        for zone in ("Asia/Kolkata", "America/New_York"):
            suite.decide("order-zone", f"{DATE}.isAfter(2024,2,29)", at(moment), zone=zone)
    for method in ("isAfter", "isBefore"):
        for join, slab in [
            ("2024-02-29", "2024-02-28"),
            ("2024-02-29", "2024-02-29"),
            ("2024-02-28", "2024-02-29"),
            (None, "2024-02-29"),
            ("2024-02-29", None),
            ("x", "y"),
        ]:
            suite.decide("attribute", f"{JOIN}.{method}({SLAB})", pair(join, slab))
        for numbers in (
            "2023,2,29",
            "2024,13,1",
            "2024,0,1",
            "2024,4,31",
            "0,1,1",
            "10000,1,1",
            "2024,1,1,24,0,0",
            "2024,1,1,0,60,0",
            "2024,1,1,0,0,60",
            "2024.5,1,1",
            "2024,1,1,-1,0,0",
        ):
            suite.errors("constant", f"{DATE}.{method}({numbers})", "impossible-value")
        for numbers in ("2024,1,1,0", "2024,1,1,0,0", "2024,1,1,0,0,0,0"):
            suite.errors("count", f"{DATE}.{method}({numbers})", "argument-count")
        suite.errors("count", f"{DATE}.{method}()", "argument-count")
        suite.errors("literal", f"{DATE}.{method}(2024,currentTxn.value,1)", ("literal-expected", "currentTxn.value"))
    suite.decide("constant", f"{DATE}.isBefore(9999,12,31)", at("2024-02-29"))
    suite.decide("constant", f"{DATE}.isAfter(1,1,1)", at("2024-02-29"))
    suite.decide("constant", f"{DATE}.isAfter(02024,07,01)", at("2024-07-29"))
    suite.decide("chain", f"({DATE}).isAfter(2024,1,1)==true", at("2024-02-29"))

"""Every listed name, other spellings, and fields that no schema lists."""

from reference import schema
from reference.suite import Suite

SAMPLES = {
    "number": (">1", [2, 1, "2.5"]),
    "string": ('=="Gold"', ["Gold", "Silver", ""]),
    "boolean": ("", [True, False]),
    "date": (".isAfter(2024,2,28)", ["2024-02-29", "2024-02-28", 1709164800000]),
}


def cases():
    listed(Suite("names", "Every attribute with its type: a value each, wrong JSON types, absent."))
    spellings(
        Suite(
            "spellings", "Names in listed variants and in other case, unknown and ambiguous names, attributes as calls."
        )
    )
    unlisted(Suite("unlisted-fields", "extField_ fields and fields of custom events: types concluded from their uses."))


def holder(profile, fields):
    """A document that carries fields of a profile."""
    if profile == "currentLineItem":
        return {"currentTxn": {"lineItems": [fields]}}
    if profile == "tenderProfile":
        return {"currentTxn": {"tenders": [fields]}}
    return {profile: fields}


def listed(suite):
    for profile in schema.ATTRIBUTES:
        for attribute, kind in schema.attributes_of(profile).items():
            if kind == "unknown":
                continue
            name = f"{profile}.{attribute}"
            if kind == "enum":
                (first, second) = schema.ENUMS[(profile, attribute)]
                rule, values = f"{name}=={first}", [first, second]
            else:
                tail, values = SAMPLES[kind]
                rule = name + tail
            for value in values[:2]:
                suite.decide(profile, rule, holder(profile, {attribute: value}))
            suite.decide(profile, rule, holder(profile, {}))
            wrong = {"number": True, "string": [], "boolean": "true", "date": True, "enum": {}}[kind]
            path = {"currentLineItem": "/currentTxn/lineItems/0", "tenderProfile": "/currentTxn/tenders/0"}.get(
                profile, f"/{profile}"
            )
            suite.refused(profile, rule, holder(profile, {attribute: wrong}), "wrong-type", f"{path}/{attribute}")
    tracker = "trackedValue"
    for rule in (f"currentTracker.{tracker}>1", f"currentTrackerCondition.{tracker}>1"):
        for key in ("currentTracker", "currentTrackerCondition"):
            suite.decide(
                "tracker",
                rule,
                {key: {tracker: 2}},
                why="currentTracker is another name of currentTrackerCondition, read under either key",
            )
        suite.decide("tracker", rule, {})


def spellings(suite):
    warned = lambda *names: [("name-spelling",) + name for name in names]
    for profile, variants in schema.PROFILE_VARIANTS.items():
        attribute, kind = next(
            (name, kind) for name, kind in schema.attributes_of(profile).items() if kind != "unknown"
        )
        for variant in variants:
            rule = f"{variant}.{attribute}.isNull()"
            suite.warns("profile", rule, *warned((variant, [profile])), text=f"{profile}.{attribute}.isNull()")
            suite.decide("profile", rule, {})
    for (profile, attribute), variants in schema.ATTRIBUTE_VARIANTS.items():
        for variant in variants:
            rule = f"{profile}.{variant}.isNull()"
            suite.warns("attribute", rule, *warned((variant, [attribute])), text=f"{profile}.{attribute}.isNull()")
    for profile, attribute in [
        ("currentTxn", "value"),
        ("currentCustomer", "slabName"),
        ("currentStore", "code"),
        ("currentUserGroup", "memberCount"),
        ("returnBill", "totalQty"),
        ("currentEvent", "eventType"),
    ]:
        for spelled in (attribute.upper(), attribute.capitalize()):
            suite.warns(
                "case",
                f"{profile}.{spelled}.isNull()",
                *warned((spelled, [attribute])),
                text=f"{profile}.{attribute}.isNull()",
            )
        suite.warns(
            "case",
            f"{profile.upper()}.{attribute}.isNull()",
            *warned((profile.upper(), [profile])),
            text=f"{profile}.{attribute}.isNull()",
        )
        suite.decide("case", f"{profile.lower()}.{attribute.upper()}.isNotNull()", holder(profile, {attribute: 1}))
    for (profile, method), variants in schema.METHOD_VARIANTS.items():
        arguments = {"basketCountIf": '"RATE","GREATER_THAN","1"', "basketCount": '"brand","x"'}.get(
            method, '"brand","x.*"'
        )
        for variant in variants + [method.upper()]:
            suite.warns(
                "method",
                f"{profile}.{variant}({arguments})>1",
                *warned((variant, [method])),
                text=f"{profile}.{method}({arguments})>1",
            )
    for spelled, method in [
        ("isnull", "isNull"),
        ("ISNOTNULL", "isNotNull"),
        ("Exists", "exists"),
        ("isempty", "isEmpty"),
    ]:
        suite.warns(
            "value-method",
            f"currentCustomer.name.{spelled}()",
            *warned((spelled, [method])),
            text=f"currentCustomer.name.{method}()",
        )
    suite.warns(
        "value-method", "currentTxn.date.Year==2024", *warned(("Year", ["year"])), text="currentTxn.date.year()==2024"
    )
    suite.warns(
        "several",
        "Customer.SlabName.isnull()&&currentTxns.Value>1",
        *warned(("Customer",), ("SlabName",), ("isnull",), ("currentTxns",), ("Value",)),
        text="currentCustomer.slabName.isNull()&&currentTxn.value>1",
    )
    suite.errors("ambiguous", "CURRENTTXN.VALU>1", ("unknown-name", "VALU", ["value"]))
    # Attributes written as calls.
    for attribute in ("isLoyal", "hasInstoreProfile", "isControl"):
        suite.both("as-call", f"currentCustomer.{attribute}()", {"currentCustomer": {attribute: True}})
        suite.decide("as-call", f"currentCustomer.{attribute}()==false", {"currentCustomer": {attribute: True}})
        suite.warns("as-call", f"currentCustomer.{attribute}()", text=f"currentCustomer.{attribute}")
        suite.errors("as-call", f"currentCustomer.{attribute}(1)", {"code": "unknown-name"})
    suite.decide("as-call", "currentCustomer.isLoyal().isNull()", {})
    suite.decide("as-call", "currentCustomer.hasinstoreProfile()", {"currentCustomer": {"hasInstoreProfile": True}})
    suite.errors(
        "as-call", 'currentCustomer.name()=="x"', "unknown-name", why="only boolean attributes may be written as calls"
    )
    suite.errors("as-call", "currentTxn.value()>1", "unknown-name")
    suite.errors("as-call", "currentTxn.basketSum>1", "unknown-name", why="a method needs its brackets")
    for rule, name, suggestion in [
        ("currentTxn.valeu>1", "valeu", "value"), ("currentTxn.disount>1", "disount", "discount"), ("currentTx.value>1", "currentTx", "currentTxn"), ("currentCustomer.emal.isNull()", "emal", "email"),
        ("currentCustomr.email.isNull()", "currentCustomr", "currentCustomer"), ('currentTxn.baskeSum("brand","x")>1', "baskeSum", "basketSum"), ("currentTxn.date.isWeekEnds()", "isWeekEnds", "isWeekend"),
        ("currentCustomer.name.contain(\"x\")", "contain", "contains"), ("currentCustomer.slabNam==\"x\"", "slabNam", "slabName"), ("currentStore.cod.isNull()", "cod", "code"),
    ]:  # fmt: skip
        suite.errors("unknown", rule, ("unknown-name", name, [suggestion]))
    for rule, name in [
        ("currentTxn.xyzzy>1", "xyzzy"), ("nowhere.value>1", "nowhere"), ("organization.name.isNull()", "name"), ("program.value>1", "value"), ("currentCustomer.internalId.matches(\"a\")", "internalId"),
        ("currentTxn.lineItems.isNull()", "lineItems"), ("organization.extField_x==\"a\"", "extField_x"), ("program.extField_x==\"a\"", "extField_x"), ("currentTxn.true", "true"),
        ("currentCustomer.email.NotNull()", "NotNull"), ("currentCustomer.email.email.isNull()", "email"),
    ]:  # fmt: skip
        suite.errors("unknown", rule, ("unknown-name", name))
    suite.errors("unknown", "currentCustomer.email.is.NotNull()", {"code": "unknown-name", "names": ["isNotNull"]})
    for call, owner in [
        ("basketSum", "currentTxn"),
        ("customFieldValueIncludes", "currentCustomer"),
        ("targetAchieved", "currentEvent"),
        ("doesItemMatch", "currentLineItem"),
        ("customerStatus", "currentCustomer"),
    ]:
        suite.errors("missing-profile", f'{call}("a","b")', {"code": "missing-profile", "at": call, "names": [owner]})
    suite.errors(
        "missing-profile",
        "avgTargetAchieved(ABC)",
        ("missing-profile", "avgTargetAchieved", ["currentCustomer"]),
        why="nothing further is judged without a receiver",
    )
    suite.errors("missing-profile", "isWeekend()", "missing-profile")


def unlisted(suite):
    assumed = lambda *names: [{"code": "assumed-type"} for _ in names]
    for profile in schema.ATTRIBUTES:
        if profile in ("organization", "program", "currentLineItem", "tenderProfile"):
            continue
        field = f"{profile}.extField_grade"
        warns = [] if profile == "currentCard" else assumed(1)
        document = lambda value: {profile: {"extendedFields": {"grade": value}}}
        for value in ("A", "B", None):
            suite.decide("profile", f'{field}=="A"', document(value), types={field: "string"}, warnings=warns)
        suite.decide(
            "profile",
            f'{field}=="A"',
            {profile: {"extField_grade": "A", "grade": "A"}},
            types={field: "string"},
            why="extField_x is x under extendedFields",
        )
    x, y = "currentCustomer.extField_x", "currentCustomer.extField_y"
    document = {
        "currentCustomer": {
            "slabNumber": 3,
            "name": "3",
            "joinDate": "2024-02-29",
            "isLoyal": True,
            "isGroupMember": "Yes",
        }
    }

    def held(value):
        return {"currentCustomer": document["currentCustomer"] | {"extendedFields": {"x": value, "y": value}}}

    number, string, date, boolean = 3, "3", "2024-02-29", True
    uses = [
        ("number", f"{x}==3", number), ("number", f"{x}!=3.0", number), ("number", f"3=={x}", number), ("number", f"{x}>2", number), ("number", f"{x}+1==4", number), ("number", f"{x}*{y}==9", number),
        ("number", f"-{x}<0", number), ("number", f"{x}=={'currentCustomer.slabNumber'}", number), ("number", f'{x}.interval("1,5")==2', number), ("number", f"{x}>={y}", number), ("number", f"{x}=={y}&&{y}>1", number),
        ("number", f"({x})==3", number), ("number", f"{x}%2==1", number), ("number", f"{x}=={y}+0", number), ("number", f"{x}.isNull()||{x}>1", number), ("number", f"{x}==currentTxn.basketSum(\"brand\",\"x\")", number),
        ("string", f'{x}=="3"', string), ("string", f'{x}.contains("3")', string), ("string", f'{x}.matches("[0-9]")', string), ("string", f"{x}.exists()", string), ("string", f"{x}.notExists()", string),
        ("string", f"{x}.isEmpty()", string), ("string", f"{x}==currentCustomer.name", string), ("string", f"currentCustomer.name=={x}", string), ("string", f"{x}.isNull()", string), ("string", f"{x}.isNotNull()", string),
        ("string", f"{x}=={y}", string), ("string", f"currentCustomer.name.contains({x})", string), ("string", f"{x}.isNull()&&{y}.contains(\"3\")", string), ("string", f"currentTxn.date.daysDiffFromString({x})<100", date), ("string", f"currentTxn.date.daysDiffFromString({x})<100", string),
        ("date", f"{x}.year()==2024", date), ("date", f"{x}.year==2024", date), ("date", f"{x}.isWeekend()", date), ("date", f"{x}.isValid()", date), ("date", f"{x}==currentCustomer.joinDate", date),
        ("date", f"currentCustomer.joinDate<={x}", date), ("date", f"{x}.dateDiff(currentCustomer.joinDate)==0", date), ("date", f"currentCustomer.joinDate.dateDiff({x})==0", date), ("date", f"{x}=={y}&&{y}.day()==5", date),
        ("date", f"{x}.isAfter(2024,1,1)", date), ("date", f"{x}>{y}||{y}.isWeekday()", date), ("date", f"{x}.minutesDiff({y})==0", date),
        ("boolean", x, boolean), ("boolean", f"{x}&&true", boolean), ("boolean", f"currentCustomer.isLoyal||{x}", boolean), ("boolean", f"!{x}", boolean), ("boolean", f"{x}==true", boolean),
        ("boolean", f"{x}==currentCustomer.isLoyal", boolean), ("boolean", f"{x}=={y}&&{y}", boolean), ("boolean", f"({x}&&{y})||false", boolean), ("boolean", f"{x}==(1<2)", boolean), ("boolean", f"{x}!=false", boolean),
    ]  # fmt: skip
    for kind, rule, value in uses:
        types = {x: kind, y: kind}
        warned = sorted({name for name in (x, y) if name in rule})
        extension = [{"code": "extension"}] if rule[0] in "!-" else []
        mixed = [{"code": "mixed-and-or"}] if "&&" in rule and "||" in rule and "(" not in rule[:1] else []
        suite.decide(
            kind,
            rule,
            held(value) | {"currentTxn": {"date": "2024-03-01"}},
            types=types,
            warnings=assumed(*warned) + extension + mixed,
        )
        suite.decide(kind, rule, {"currentCustomer": {}}, types=types)
    for rule in (
        f'{x}>1&&{x}.contains("a")',
        f'{x}==1&&{x}=="1"',
        f"{x}.year()==2024&&{x}>5",
        f"{x}&&{x}>1",
        f'{x}==true||{x}=="true"',
        f"{x}+{x}.year()==1",
        f'{x}.contains("a")&&{x}.isWeekend()',
    ):
        suite.errors("conflict", rule, {"code": "field-type-conflict"}, warnings=None)
    # currentEvent takes any other name as a field of a custom event.
    minutes = "currentEvent.minutes"
    for kind, rule, value in [
        ("number", f"{minutes}>30", 31),
        ("number", f"{minutes}+1>30", 30),
        ("string", f'{minutes}=="x"', "x"),
        ("string", f'{minutes}.contains("x")', "yxz"),
        ("date", f"{minutes}.isWeekend()", "2024-03-03"),
        ("boolean", minutes, True),
        ("boolean", f"!{minutes}", False),
        ("string", f"{minutes}.isNull()", "x"),
    ]:
        suite.decide(
            "event",
            rule,
            {"currentEvent": {"minutes": value}},
            types={minutes: kind},
            warnings=assumed(1) + ([{"code": "extension"}] if rule[0] == "!" else []),
        )
        suite.decide("event", rule, {"currentEvent": {}}, types={minutes: kind})
    suite.decide(
        "event",
        'currentEvent.extField_a=="x"',
        {"currentEvent": {"extendedFields": {"a": "x"}}},
        types={"currentEvent.extField_a": "string"},
    )
    for rule, name, suggestion in [
        ('currentEvent.evntType=="x"', "evntType", "eventType"),
        ('currentEvent.targetNme=="x"', "targetNme", "targetName"),
        ('currentEvent.streakNam=="x"', "streakNam", "streakName"),
        ('currentEvent.targetNameee=="x"', "targetNameee", "targetName"),
    ]:
        suite.errors("close", rule, ("unknown-name", name, [suggestion]), why="within edit distance 2 of a listed name")
    suite.decide(
        "close",
        'currentEvent.evtTp=="x"',
        {"currentEvent": {"evtTp": "x"}},
        types={"currentEvent.evtTp": "string"},
        why="edit distance 4",
    )
    for method in ("targetAchieved", "targetExists", "streakExists", "currentCustomFieldValue"):
        suite.errors(
            "method-name",
            f"currentEvent.{method}",
            {"code": "unknown-name", "at": method},
            why="a method's name without brackets is no field",
        )
    suite.errors("method-name", "currentEvent.surely()", ("unknown-name", "surely"), why="a call is no field")
    promotion = "currentEvent.promotion"
    suite.decide("unknown-type", f'{promotion}=="P"', {"currentEvent": {"promotion": "P"}}, types={promotion: "string"})
    suite.decide("unknown-type", f"{promotion}>5", {"currentEvent": {"promotion": 6}}, types={promotion: "number"})
    suite.errors(
        "unknown-type",
        promotion,
        "root-not-boolean",
        why="a listed attribute of unknown type is never concluded at the root",
        warnings=None,
    )
    card = "currentCard.extField_vehicle_number"
    suite.decide(
        "pattern",
        f"{card}.isValidDate()",
        {"currentCard": {"extendedFields": {"vehicle_number": "2024-02-29"}}},
        warnings=[],
        why="the pattern of cards gives a type, so nothing is assumed",
    )
    suite.errors("pattern", f"{card}>5", "type-mismatch")
    suite.errors("pattern", f"{card}.year()==2024", ("unknown-name", "year"))
    suite.errors("pattern", card, "root-not-boolean")
    # A tree's own tag decides where no use does.
    field = lambda tag: (
        f'{{"arity":"object_dereference","type":"{tag}","operands":[{{"arity":"name","value":"currentCustomer","type":"customer:object:primitive"}},{{"arity":"name","value":"extField_x","type":"{tag}"}}]}}'
    )
    null_test = lambda tag: (
        f'{{"arity":"method_call","type":"boolean:primitive","operands":[{field(tag)},{{"arity":"name","value":"isNull","type":"anonymous:function:primitive"}}]}}'
    )
    for tag, value, refused in [
        ("real:object:primitive", 5, True),
        ("date:object:primitive", "x", True),
        ("boolean:primitive", False, "true"),
        ("string:object:primitive", "x", []),
    ]:
        suite.add(
            "tag",
            tree=null_test(tag),
            transaction={"currentCustomer": {"extendedFields": {"x": value}}},
            result="false",
            why="the tag of the tree decides",
        )
        suite.add(
            "tag",
            tree=null_test(tag),
            transaction={"currentCustomer": {"extendedFields": {"x": refused}}},
            refused={"code": "wrong-type"},
        )
    suite.refused(
        "refused",
        f"{x}>1",
        {"currentCustomer": {"extendedFields": {"x": True}}},
        "wrong-type",
        "/currentCustomer/extendedFields/x",
    )
    suite.refused(
        "refused",
        f"{x}>1",
        {"currentCustomer": {"extendedFields": []}},
        "wrong-type",
        "/currentCustomer/extendedFields",
    )
    suite.refused("refused", f'{x}=="a"', '{"currentCustomer":{"extendedFields":{"x":"a","x":"b"}}}', "duplicate-key")

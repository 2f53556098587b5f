"""Custom fields, segments, and what the host answers."""

from itertools import product

from reference import schema
from reference.suite import Raw, Suite


def cases():
    containers(
        Suite(
            "containers", "Custom fields and segments: container absent, entry missing, null, empty, one value, a list."
        )
    )
    answers(Suite("host-answers", "Methods and attributes that the host answers in the document."))


def containers(suite):
    entries = [
        ("absent", {}), ("null container", {"C": None}), ("missing", {"C": {}}), ("null", {"C": {"bank": None}}), ("empty string", {"C": {"bank": ""}}), ("empty list", {"C": {"bank": []}}),
        ("the value", {"C": {"bank": "SBI"}}), ("another", {"C": {"bank": "HDFC"}}), ("other case", {"C": {"bank": "sbi"}}), ("a list with it", {"C": {"bank": ["HDFC", "SBI"]}}),
        ("a list without", {"C": {"bank": ["HDFC", "ICICI"]}}), ("other entry", {"C": {"Bank": "SBI", "banks": "SBI"}}),
        ("a list of nothing", {"C": {"bank": [""]}}), ("a list of null", {"C": {"bank": [None]}}), ("a list of blanks", {"C": {"bank": ["", None, ""]}}), ("a list with something", {"C": {"bank": ["", " ", None]}}),
    ]  # fmt: skip
    for container, prefix, profiles in [
        (
            "customFields",
            "customFieldValue",
            ["currentTxn", "currentCustomer", "currentCard", "groupPrimaryCustomer", "returnBill"],
        ),
        ("clusters", "clusterValue", ["currentCustomer", "groupPrimaryCustomer"]),
    ]:
        for profile, question, (why, fields) in product(profiles, ["Includes", "Excludes", "Exists"], entries):
            if prefix + question not in schema.METHODS[profile]:
                continue
            arguments = '"bank"' if question == "Exists" else '"bank","SBI"'
            document = {profile: {container if key == "C" else key: value for key, value in fields.items()}}
            suite.decide(container, f"{profile}.{prefix}{question}({arguments})", document, why=why)
        suite.decide("profile-absent", f'currentCustomer.{prefix}Includes("bank","SBI")', {})
        suite.decide("profile-absent", f'currentCustomer.{prefix}Excludes("bank","SBI")', {"currentCustomer": None})
    for value, text in [
        (26, "26"),
        (Raw("26.0"), "26.0"),
        (Raw("26.0"), "26"),
        (True, "true"),
        ([1, 2, False], "2"),
        ([1, 2, False], "false"),
        ("", ""),
        ([""], ""),
    ]:
        for question in ("Includes", "Excludes"):
            suite.decide(
                "text",
                f'currentCustomer.customFieldValue{question}("age","{text}")',
                {"currentCustomer": {"customFields": {"age": value}}},
                why="numbers and booleans by their JSON text",
            )
            suite.decide(
                "text",
                f'currentCustomer.clusterValue{question}("age","{text}")',
                {"currentCustomer": {"clusters": {"age": value}}},
            )
    for value in (0, False, "x", ["x"], " "):
        suite.decide(
            "exists",
            'currentCustomer.customFieldValueExists("age")',
            {"currentCustomer": {"customFields": {"age": value}}},
        )
    suite.decide(
        "segment",
        'currentCustomer.clusterValueIncludes("Behavioral Segment","Adventure-seeker")',
        {"currentCustomer": {"clusters": {"Behavioral Segment": ["Adventure-seeker"]}}},
    )
    for rule in (
        'currentCustomer.customFieldValueIncludes("a","b")==false', '!currentCustomer.customFieldValueIncludes("a","b")', 'currentCustomer.customFieldValueExcludes("a","b")',
        'currentCustomer.customFieldValueExists("a")||currentCustomer.isLoyal', 'currentCustomer.clusterValueIncludes("a","b")&&currentCustomer.customFieldValueIncludes("a","b")',
    ):  # fmt: skip
        for fields in (
            {},
            {"customFields": {}},
            {"customFields": {"a": "b"}},
            {"clusters": {"a": "b"}, "customFields": {"a": ["c"]}},
        ):
            suite.both("combined", rule, {"currentCustomer": fields})
    for rule, error in [
        ("currentCustomer.customFieldValueIncludes(bank,\"SBI\")", ("literal-expected", "bank", ['"bank"'])), ('currentCustomer.customFieldValueIncludes("bank")', "argument-count"),
        ('currentCustomer.customFieldValueIncludes("bank",5)', ("type-mismatch", "5", ['"5"'])), ('currentCustomer.customFieldValueIncludes("bank",currentCustomer.name)', ("literal-expected", "currentCustomer.name")),
        ('currentCustomer.customFieldValueExists("bank","SBI")', "argument-count"), ('currentTxn.customFieldValueExists("bank")', ("unknown-name", "customFieldValueExists")),
        ('currentTxn.clusterValueIncludes("a","b")', ("unknown-name", "clusterValueIncludes", ["currentCustomer"])), ('currentCustomer.customFieldValueIncluds("a","b")', ("unknown-name", "customFieldValueIncluds", ["customFieldValueIncludes"])),
        ('currentCustomer.customFieldValueIncludes("a","b")==true&&1', "type-mismatch"),
    ]:  # fmt: skip
        suite.errors("refused", rule, error)
    for value in ("{}", "[[]]", '[{"a":1}]'):
        suite.refused(
            "refused",
            'currentCustomer.customFieldValueIncludes("age","1")',
            {"currentCustomer": {"customFields": {"age": Raw(value)}}},
            "wrong-type",
        )
    for value in ("[]", '"x"', "1"):
        suite.refused(
            "refused",
            'currentCustomer.customFieldValueIncludes("age","1")',
            {"currentCustomer": {"customFields": Raw(value)}},
            "wrong-type",
            "/currentCustomer/customFields",
        )
        suite.refused(
            "refused",
            'currentCustomer.clusterValueIncludes("age","1")',
            {"currentCustomer": {"clusters": Raw(value)}},
            "wrong-type",
            "/currentCustomer/clusters",
        )


DERIVED = ("basket", "customField", "cluster", "does")


def answers(suite):
    for profile, methods in schema.METHODS.items():
        for method, (kinds, returns) in methods.items():
            kinds = kinds.split()
            if method.startswith(DERIVED):
                continue
            keys = {"number": "30", "channel": "EMAIL", "regex": "^gold"}
            arguments = [keys.get(kind, name) for kind, name in zip(kinds, ("First", "Second"))]
            written = ",".join(
                argument if kind == "number" else f'"{argument}"' for kind, argument in zip(kinds, arguments)
            )
            call = f"{profile}.{method}({written})"
            rule = call if returns == "boolean" else f"{call}>=2.5"
            nested = lambda value: {
                profile: {method: {arguments[0]: value if len(arguments) == 1 else {arguments[1]: value}}}
            }
            values = [True, False, None] if returns == "boolean" else [Raw("2.5"), Raw("2.4999"), "3", None]
            for value in values:
                suite.decide("answer", rule, nested(value))
            suite.decide(
                "missing",
                rule,
                {profile: {method: {"Other": values[0] if len(arguments) == 1 else {arguments[1]: values[0]}}}},
                why="a missing key is unknown",
            )
            suite.decide("missing", rule, {profile: {method: {}}})
            suite.decide("missing", rule, {profile: {}})
            if len(arguments) == 2:
                suite.decide("missing", rule, {profile: {method: {arguments[0]: {}}}})
            if returns == "boolean":
                for listed in ([arguments[-1]], ["Other"], []):
                    whole = listed if len(arguments) == 1 else {arguments[0]: listed}
                    suite.decide(
                        "list",
                        rule,
                        {profile: {method: whole}},
                        why="the innermost level may list the arguments that hold",
                    )
    for argument in ("7", "07", "7.0", "7.00", "007.000"):
        for key in ("7", "07", "7.0"):
            suite.decide(
                "key",
                f"currentCustomer.pointsRedeemedInPastDays({argument})==5",
                {"currentCustomer": {"pointsRedeemedInPastDays": {key: 5}}},
                why="numbers are keys without leading zeros, trailing fraction zeros or a bare point",
            )
    for argument, key in [
        ("0", "0"),
        ("00", "0"),
        ("10", "10"),
        ("100", "100"),
        ("0.50", "0.5"),
        ("7", "70"),
        ("70", "7"),
    ]:
        suite.decide(
            "key",
            f"currentCustomer.pointsRedeemedInPastDays({argument})==5",
            {"currentCustomer": {"pointsRedeemedInPastDays": {key: 5}}},
        )
    tracker = 'currentCustomer.trackerValueBeforeEvent("T","C")'
    suite.both(
        "nested",
        f"{tracker}>4",
        {"currentCustomer": {"trackerValueBeforeEvent": {"T": {"C": 5, "D": 1}, "C": {"T": 1}}}},
    )
    suite.decide("nested", f"{tracker}>4", {"currentCustomer": {"trackerValueBeforeEvent": {"T": None}}})
    suite.decide("nested", f"{tracker}.isNull()", {"currentCustomer": {"trackerValueBeforeEvent": {"T": {}}}})
    suite.decide("nested", f"{tracker}.isNotNull()", {"currentCustomer": {"trackerValueBeforeEvent": {"T": {"C": 0}}}})
    suite.decide(
        "nested", f'{tracker}.interval("1,5")==2', {"currentCustomer": {"trackerValueBeforeEvent": {"T": {"C": 5}}}}
    )
    suite.decide(
        "sum",
        'currentEvent.targetAchieved("A")>currentEvent.targetDefined("A")',
        {"currentEvent": {"targetAchieved": {"A": 120}, "targetDefined": {"A": 100}}},
    )
    suite.decide(
        "sum",
        'currentEvent.targetAchieved("A")>currentEvent.targetDefined("B")',
        {"currentEvent": {"targetAchieved": {"A": 120}, "targetDefined": {"A": 100}}},
    )
    suite.decide(
        "sum",
        'currentEvent.targetExists("A")&&currentEvent.targetAchieved("A")>currentEvent.targetDefined("A")',
        {"currentEvent": {"targetExists": []}},
        why="false decides",
    )
    for channel in (
        "MOBILE",
        "EMAIL",
        "ANDROID",
        "IOS",
        "WHATSAPP",
        "WECHAT",
        "LINE",
        "VIBER",
        "XENGAGE",
        "RCS",
        "ZALO",
        "SMS",
    ):
        suite.decide(
            "channel",
            f'currentCustomer.isSubscribedToChannel("{channel}")',
            {"currentCustomer": {"isSubscribedToChannel": ["EMAIL", "SMS"]}},
        )
    for channel in ("EMAILS", "email", "FAX"):
        suite.errors(
            "channel",
            f'currentCustomer.isSubscribedToChannel("{channel}")',
            ("enum-value", f'"{channel}"', ["EMAIL"] if channel != "FAX" else []),
        )
    suite.errors("refused", "currentCustomer.isSubscribedToChannel(EMAIL)", ("literal-expected", "EMAIL", ['"EMAIL"']))
    suite.errors("refused", "currentCustomer.isStreakAchieved(ABC_1)", ("literal-expected", "ABC_1", ['"ABC_1"']))
    suite.errors("refused", 'currentCustomer.pointsRedeemedInPastDays("30")>1', ("type-mismatch", '"30"', ["30"]))
    suite.errors(
        "refused",
        "currentCustomer.pointsRedeemedInPastDays(currentTxn.value)>1",
        ("literal-expected", "currentTxn.value"),
    )
    suite.errors("refused", "currentCustomer.pointsRedeemedInPastDays()>1", "argument-count")
    suite.errors("refused", 'currentCustomer.trackerValueBeforeEvent("T")>1', "argument-count")
    suite.errors("refused", 'currentCustomer.trackerValueBeforeEvent("T","C")', "root-not-boolean")
    suite.errors("refused", 'currentTxn.targetAchieved("A")>1', ("unknown-name", "targetAchieved", ["currentEvent"]))
    number = "currentCustomer.pointsRedeemedInPastDays(30)>1"
    status = 'currentCustomer.customerStatus("Active")'
    for rule, name, value in [
        (number, "pointsRedeemedInPastDays", '{"30": true}'),
        (number, "pointsRedeemedInPastDays", '{"30": {}}'),
        (number, "pointsRedeemedInPastDays", '{"30": "many"}'),
        (number, "pointsRedeemedInPastDays", '{"30": ""}'),
        (number, "pointsRedeemedInPastDays", "5"),
        (status, "customerStatus", '{"Active": "yes"}'),
        (status, "customerStatus", '{"Active": 1}'),
        (status, "customerStatus", "true"),
    ]:
        suite.refused("refused", rule, {"currentCustomer": {name: Raw(value)}}, "wrong-type")
    suite.refused(
        "refused", number, {"currentCustomer": {"pointsRedeemedInPastDays": Raw('{"30": 1, "30": 2}')}}, "duplicate-key"
    )
    suite.refused(
        "refused", number, {"currentCustomer": {"pointsRedeemedInPastDays": Raw('{"30": 1e28}')}}, "number-range"
    )

"""A client of the interface as it is documented: it knows the request, the envelope and the codes.

`client.py BASE-URL NAME:PASSWORD CUSTOMER TARGET` ends with status 0 where all of it holds.
"""

import base64
import json
import sys
import urllib.error
import urllib.parse
import urllib.request

BASE, CREDENTIALS, CUSTOMER, TARGET = sys.argv[1:5]


def ask(user, credentials=CREDENTIALS, **query):
    """The status and the body of the answer, and its headers."""
    path = "/v3/users/%s/enrolledTargets?%s" % (user, urllib.parse.urlencode(query))
    request = urllib.request.Request(BASE + path)
    if credentials:
        request.add_header("Authorization", "Basic " + base64.b64encode(credentials.encode()).decode())
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read().decode(), answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(), error.headers


def targets(**query):
    status, text, _ = ask(CUSTOMER, **query)
    answer = json.loads(text)
    assert status == 200, (status, text)
    assert list(answer) == ["data", "errors", "warnings"], text
    assert answer["errors"] is None and answer["warnings"] is None, text
    return {target["id"]: target for target in answer["data"]}


def code(user, **query):
    status, text, _ = ask(user, **query)
    answer = json.loads(text)
    assert status == 400 and answer["data"] is None, (status, text)
    return [(error["code"], error["message"]) for error in answer["errors"]]


found = targets()
wanted = int(TARGET)
assert wanted in found, found
assert found[wanted]["active"] is True
assert json.loads(found[wanted]["expressionJson"])["arity"]
method = found[wanted]["enrolmentMethod"]
assert wanted in targets(targetRuleIds="1,%d,999999999" % wanted)
assert wanted not in targets(targetRuleIds="999999999")
assert all(one["enrolmentMethod"] == method for one in targets(enrollmentType=method).values())
assert targets(trackingDate=0) == {}
assert targets(includeOnlyUserCreated="true") == {}
assert targets(unknownParameter="ignored") == found
assert json.loads(ask(999999999)[1])["data"] == []
assert code("abc") == [(310011, "Invalid userId")]
assert code(CUSTOMER, enrollmentType="SOMETHING") == [(310130, "Invalid enrollment type as input")]
(number, message), = code(CUSTOMER, trackingDate="yesterday")
assert number == 300004 and "trackingDate" in message, message
for credentials in [None, "nobody:nothing"]:
    status, text, headers = ask(CUSTOMER, credentials)
    assert (status, text) == (401, "") and headers["WWW-Authenticate"], (status, text)

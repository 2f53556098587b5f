"""A client of the enrolled targets, written from the interface's description alone.

    python3 enrolled_targets.py CURL-LINE

The line is the one that `target-rules-server --demo` prints: with `-u NAME:PASSWORD`
and the whole address. Standard library only. Says what did not hold, and ends with
status 1 then.
"""

import base64
import json
import shlex
import subprocess
import sys
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request

TIMEOUT = 10
FIELDS = {
    "trackingDate": "epoch milliseconds",
    "targetRuleIds": "ids, separated by commas",
    "enrollmentType": "TRANSACTION, IMPORT or AUDIENCE_FILTER",
    "includeOnlyUserCreated": "true or false",
}
METHODS = ("TRANSACTION", "IMPORT", "AUDIENCE_FILTER")
CURL = []


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)

    @property
    def data(self):
        return self.json()["data"]

    def codes(self):
        return [error["code"] for error in self.json()["errors"] or []]


def of_curl(line):
    """The name, the password and the address of a line for `curl`."""
    words = shlex.split(line)
    credentials = words[words.index("-u") + 1] if "-u" in words else ""
    address = next(word for word in words if word.startswith(("http://", "https://")))
    return credentials, address


class Client:
    def __init__(self, line):
        self.credentials, address = of_curl(line)
        self.address = urllib.parse.urlsplit(address)
        parts = self.address.path.split("/")
        # /v3/users/{userId}/enrolledTargets
        assert parts[1:3] == ["v3", "users"] and parts[4] == "enrolledTargets", self.address.path
        self.user = parts[3]

    def get(self, user=None, credentials=None, **query):
        path = f"/v3/users/{self.user if user is None else user}/enrolledTargets"
        asked = urllib.parse.urlencode(query)
        url = urllib.parse.urlunsplit((self.address.scheme, self.address.netloc, path, asked, ""))
        request = urllib.request.Request(url)
        credentials = self.credentials if credentials is None else credentials
        if credentials:
            request.add_header("Authorization", "Basic " + base64.b64encode(credentials.encode()).decode())
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
                return Answer(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.headers, error.read())


class EnrolledTargets(unittest.TestCase):
    def setUp(self):
        self.client = Client(CURL[0])

    def envelope(self, answer, status=200):
        self.assertEqual(answer.status, status, answer.body)
        self.assertIn("application/json", answer.headers["Content-Type"])
        body = answer.json()
        self.assertLessEqual({"data", "errors", "warnings"}, set(body), "the envelope")
        return body

    def refused(self, answer, code, message=None):
        body = self.envelope(answer, 400)
        self.assertIsNone(body["data"])
        self.assertIn(code, answer.codes())
        for error in body["errors"]:
            self.assertIsInstance(error["code"], int)
            self.assertTrue(error["message"])
        if message:
            self.assertIn(message, [error["message"] for error in body["errors"]])

    def all(self):
        targets = self.client.get().data
        self.assertTrue(targets, "the customer of the demo is enrolled in something")
        return targets

    def test_the_line_that_is_printed_is_answered_by_curl(self):
        words = shlex.split(CURL[0])
        ran = subprocess.run(words + ["--silent", "--show-error", "--fail"], capture_output=True, timeout=30, check=False)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        self.assertTrue(json.loads(ran.stdout)["data"])

    def test_targets_are_active_and_have_both_forms(self):
        body = self.envelope(self.client.get())
        self.assertIsNone(body["errors"])
        for target in body["data"]:
            for key in ("id", "name", "targetType", "targetEntity", "targetGroupId", "active", "expression", "expressionJson", "enrolmentMethod"):
                self.assertIn(key, target)
            self.assertIs(target["active"], True)
            self.assertIsInstance(json.loads(target["expressionJson"]), dict)
        ids = [target["id"] for target in body["data"]]
        self.assertEqual(len(ids), len(set(ids)))

    def test_the_same_question_has_the_same_answer_to_the_byte(self):
        # Now is not the same twice, but a day that is given is.
        day = int(time.time() * 1000)
        first, second = (self.client.get(trackingDate=day).body for _ in range(2))
        self.assertEqual(first, second)

    def test_only_the_ids_that_are_asked_for(self):
        ids = [target["id"] for target in self.all()]
        self.assertEqual([one["id"] for one in self.client.get(targetRuleIds=ids[0]).data], ids[:1])
        every = self.client.get(targetRuleIds=",".join(map(str, ids)))
        self.assertEqual({one["id"] for one in every.data}, set(ids))

    def test_ids_that_nobody_knows_are_ignored(self):
        ids = [target["id"] for target in self.all()]
        answer = self.client.get(targetRuleIds=f"{ids[0]},987654321987")
        self.assertEqual([one["id"] for one in answer.data], ids[:1])
        none = self.client.get(targetRuleIds="987654321987")
        self.envelope(none)
        self.assertEqual(none.data, [])

    def test_ids_that_are_no_ids_are_refused(self):
        for ids in ("a", "1,b", "1;2", "1.5"):
            with self.subTest(ids=ids):
                self.refused(self.client.get(targetRuleIds=ids), 300004)

    def test_each_method_gives_its_own_and_together_they_give_all(self):
        ids = {target["id"] for target in self.all()}
        found = set()
        for method in METHODS:
            answer = self.client.get(enrollmentType=method)
            self.envelope(answer)
            for target in answer.data:
                self.assertEqual(target["enrolmentMethod"], method)
                found.add(target["id"])
        self.assertEqual(found, ids)

    def test_a_method_that_is_none_is_refused(self):
        for method in ("IMPORTED", "transaction", "0"):
            with self.subTest(method=method):
                answer = self.client.get(enrollmentType=method)
                self.refused(answer, 310130, "Invalid enrollment type as input")

    def test_a_user_id_that_is_no_integer_is_refused(self):
        for user in ("abc", "1.5", "12x", "99999999999999999999"):
            with self.subTest(user=user):
                self.refused(self.client.get(user=user), 310011, "Invalid userId")

    def test_a_customer_without_targets_has_an_empty_list(self):
        answer = self.client.get(user=987654321987)
        self.envelope(answer)
        self.assertEqual(answer.data, [])
        self.assertIsNone(answer.json()["errors"])

    def test_a_day_is_in_epoch_milliseconds(self):
        for day in ("2026-01-01", "soon", "1.5"):
            with self.subTest(day=day):
                self.refused(self.client.get(trackingDate=day), 300004)

    def test_a_day_long_ago_is_answered_too(self):
        # Targets of fixed periods have none then; the others contain every day.
        answer = self.client.get(trackingDate=0)
        self.envelope(answer)
        self.assertLessEqual(len(answer.data), len(self.all()))

    def test_user_created_targets_only(self):
        ids = {target["id"] for target in self.all()}
        own = self.client.get(includeOnlyUserCreated="true")
        self.envelope(own)
        self.assertLessEqual({target["id"] for target in own.data}, ids)
        every = self.client.get(includeOnlyUserCreated="false")
        self.assertEqual({target["id"] for target in every.data}, ids)
        self.refused(self.client.get(includeOnlyUserCreated="perhaps"), 300004)

    def test_parameters_that_nobody_knows_are_ignored(self):
        ids = {target["id"] for target in self.all()}
        self.assertEqual({target["id"] for target in self.client.get(colour="red").data}, ids)

    def test_who_is_not_known_learns_nothing(self):
        name = self.client.credentials.partition(":")[0]
        for credentials in ("", "nobody:nothing", f"{name}:wrong", f"{name}:", ":"):
            with self.subTest(credentials=credentials):
                request = "" if credentials == "" else credentials
                answer = self.bare() if request == "" else self.client.get(credentials=request)
                self.assertEqual(answer.status, 401)
                self.assertEqual(answer.body, b"")
                self.assertTrue(answer.headers["WWW-Authenticate"].lower().startswith("basic"))

    def bare(self):
        client = Client(CURL[0])
        client.credentials = ""
        return client.get()


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    CURL.append(sys.argv[1])
    ran = unittest.main(argv=sys.argv[:1], exit=False, verbosity=2)
    return 0 if ran.result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())

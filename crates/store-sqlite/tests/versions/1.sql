-- A file of version 1, as the store of that version has written it. It is never changed.
PRAGMA application_id = 1415664245;
PRAGMA user_version = 1;
CREATE TABLE organisation (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    zone TEXT NOT NULL,
    change INTEGER NOT NULL DEFAULT 0,
    last_id INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE document (
    organisation INTEGER NOT NULL REFERENCES organisation,
    kind TEXT NOT NULL CHECK (kind IN ('group', 'target')),
    id INTEGER NOT NULL,
    in_group INTEGER,
    version INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (organisation, kind, id)
) STRICT;
-- What is read with every request stands before what is not.
CREATE TABLE customer (
    organisation INTEGER NOT NULL REFERENCES organisation,
    customer INTEGER NOT NULL,
    version INTEGER NOT NULL,
    enrolments TEXT NOT NULL,
    booked TEXT NOT NULL,
    PRIMARY KEY (organisation, customer)
) STRICT;
CREATE TABLE enrolled (
    organisation INTEGER NOT NULL REFERENCES organisation,
    target INTEGER NOT NULL,
    customer INTEGER NOT NULL,
    PRIMARY KEY (organisation, target, customer)
) STRICT, WITHOUT ROWID;
INSERT INTO organisation (id, name, zone, change, last_id) VALUES (1, 'shoes', 'Asia/Kolkata', 1, 50);
INSERT INTO document (organisation, kind, id, in_group, version, text) VALUES
    (1, 'group', 7, NULL, 1, '{"id":7,"name":"Spring","periods":[{"id":3,"startDate":"2026-01-01","endDate":"2026-03-31"}]}'),
    (1, 'target', 50, 7, 1, '{"id":50,"targetGroupId":7,"targetType":"SALES","targetEntity":"TRANSACTION","expression":"currentTxn.value>500"}');
INSERT INTO enrolled (organisation, target, customer) VALUES (1, 50, 19721);
INSERT INTO customer (organisation, customer, version, enrolments, booked) VALUES
    (1, 19721, 4711, '{"version":1,"enrolments":[{"targetId":50,"periodId":3,"value":"5000","method":"IMPORT"}]}',
     '{"version":1,"bills":[["n-1",20519]],"accounts":[{"target":50,"plain":[{"book":{"periodId":3},"bills":"0 730.5"}]}]}');

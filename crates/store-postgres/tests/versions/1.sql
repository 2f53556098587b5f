-- A database of version 1, as the store of that version has written it. It is never changed.
CREATE SCHEMA target_rules;
CREATE TABLE target_rules.version (version BIGINT NOT NULL);
INSERT INTO target_rules.version VALUES (1);
CREATE TABLE target_rules.organisation (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    zone TEXT NOT NULL,
    change BIGINT NOT NULL DEFAULT 0,
    last_id BIGINT NOT NULL DEFAULT 0
);
CREATE TABLE target_rules.document (
    organisation BIGINT NOT NULL REFERENCES target_rules.organisation,
    kind TEXT NOT NULL CHECK (kind IN ('group', 'target')),
    id BIGINT NOT NULL,
    in_group BIGINT,
    version BIGINT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (organisation, kind, id)
);
-- A row is written with each of a customer's batches: it stays on its page, and is neither packed
-- nor kept elsewhere as long as it fits there.
CREATE TABLE target_rules.customer (
    organisation BIGINT NOT NULL REFERENCES target_rules.organisation,
    customer BIGINT NOT NULL,
    enrolments TEXT NOT NULL,
    booked TEXT NOT NULL,
    PRIMARY KEY (organisation, customer)
) WITH (fillfactor = 60, toast_tuple_target = 4080);
ALTER TABLE target_rules.customer ALTER COLUMN booked SET STORAGE EXTERNAL;
CREATE TABLE target_rules.enrolled (
    organisation BIGINT NOT NULL REFERENCES target_rules.organisation,
    target BIGINT NOT NULL,
    customer BIGINT NOT NULL,
    PRIMARY KEY (organisation, target, customer)
);
INSERT INTO target_rules.organisation (name, zone, change, last_id) VALUES ('shoes', 'Asia/Kolkata', 1, 50);
INSERT INTO target_rules.document (organisation, kind, id, in_group, version, text) VALUES
    (1, 'group', 7, NULL, 1, '{"id":7,"name":"Spring","periods":[{"id":3,"startDate":"2026-01-01","endDate":"2026-03-31"}]}'),
    (1, 'target', 50, 7, 1, '{"id":50,"targetGroupId":7,"targetType":"SALES","targetEntity":"TRANSACTION","expression":"currentTxn.value>500"}');
INSERT INTO target_rules.enrolled (organisation, target, customer) VALUES (1, 50, 19721);
INSERT INTO target_rules.customer (organisation, customer, enrolments, booked) VALUES
    (1, 19721, '{"version":1,"enrolments":[{"targetId":50,"periodId":3,"value":"5000","method":"IMPORT"}]}',
     '{"version":1,"bills":[["n-1",20519]],"accounts":[{"target":50,"plain":[{"book":{"periodId":3},"bills":"0 730.5"}]}]}');

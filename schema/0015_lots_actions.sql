-- +goose Up
-- What somebody chose for themselves, whatever the browser. touches is false when the
-- keys of one letter are off (WCAG 2.1.4).
CREATE TABLE preference (
    compte     uuid PRIMARY KEY REFERENCES compte (id),
    touches    boolean NOT NULL DEFAULT true,
    modifie_le timestamptz NOT NULL DEFAULT clock_timestamp()
);

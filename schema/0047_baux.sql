-- +goose Up
-- 1. Until when a facteur has a mail in hand, real time; NULL: nobody has. prochain says when it may be taken next, which is
-- also how long it waits after a failure: the two are told apart, so that nobody has a mail sent that is being sent.
ALTER TABLE courrier ADD COLUMN IF NOT EXISTS bail_le timestamptz;

-- 2. When the engine was last called for a thing of an intervention, real time, written before the call. What was asked and
-- is not seen yet is read again; it is called again rarely.
ALTER TABLE intervention_element ADD COLUMN IF NOT EXISTS appele_le timestamptz;

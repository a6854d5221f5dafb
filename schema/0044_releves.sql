-- +goose NO TRANSACTION
-- +goose Up
-- 1. The trace in which an acte was received (header traceparent of W3C trace context): it goes from the click to the journal
-- and to the mail, whatever engine, relay or restart stands between. '' when nobody traces. Nothing personal: two numbers.
ALTER TABLE acte ADD COLUMN IF NOT EXISTS traceparent text NOT NULL DEFAULT '';

-- 2. What the measures of the house count, without reading a table through: refusals lately given, mails for ever refused.
-- Made without stopping those who write.
CREATE INDEX CONCURRENTLY IF NOT EXISTS acte_refuse ON acte (verdict_le) INCLUDE (code) WHERE etat = 'refuse';
CREATE INDEX CONCURRENTLY IF NOT EXISTS courrier_refuse ON courrier (le) WHERE etat = 'REFUSE';

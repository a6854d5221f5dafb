-- +goose Up
-- The works that each worker does, as it says itself; {} is a worker of before, which says nothing and may do them all.
ALTER TABLE executant ADD COLUMN IF NOT EXISTS files text[] NOT NULL DEFAULT '{}';

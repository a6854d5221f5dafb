-- +goose Up
-- What the sender of a pièce says of it (AK-43), beside its title: 500 characters at most.
ALTER TABLE piece ADD COLUMN commentaire text NOT NULL DEFAULT '' CONSTRAINT piece_commentaire CHECK (length(commentaire) <= 500);

-- +goose Up
-- The names of organisations without accents, as store.nomSansAccent writes them: who
-- searches 75,000 companies by a part of their name waits for an index, not for a walk.
CREATE INDEX entreprise_nom ON entreprise USING gin
  (lower(translate(nom, 'àâäáãéèêëíîïìóôöòõúùûüçñÿÀÂÄÁÃÉÈÊËÍÎÏÌÓÔÖÒÕÚÙÛÜÇÑŸ', 'aaaaaeeeeiiiiooooouuuucnyAAAAAEEEEIIIIOOOOOUUUUCNY')) gin_trgm_ops);
CREATE INDEX organisme_nom ON organisme USING gin
  (lower(translate(nom, 'àâäáãéèêëíîïìóôöòõúùûüçñÿÀÂÄÁÃÉÈÊËÍÎÏÌÓÔÖÒÕÚÙÛÜÇÑŸ', 'aaaaaeeeeiiiiooooouuuucnyAAAAAEEEEIIIIOOOOOUUUUCNY')) gin_trgm_ops);

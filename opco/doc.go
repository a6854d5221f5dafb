// Package opco holds the words of the house: dossier, pièce, décision,
// engagement, service fait, facture, règlement, barème and the rules that bind
// them. It is pure: standard library only, no I/O, no wall clock, so that a
// workflow, a page and a test decide alike. French words are those of the law
// and of the people who work with it; the glossary is in README.md.
package opco

package web

import "guichet/opco"

// Lien is a word that leads somewhere.
type Lien struct{ Texte, URL string }

// Chiffre is a tile that counts: a figure, what it counts and what it means.
type Chiffre struct{ Etiquette, Icone, Valeur, Note, URL string }

// ServiceOuvert is the tile of a service (MA-80 to MA-83). It leads
// somewhere only when URL is given.
type ServiceOuvert struct {
	Nom, Icone, Phrase, URL string
	Etat                    opco.EtatTuile // "" for a tile that needs no right
	Action                  string         // POST address: the tile is a button (MA-65: it asks the OPCO for the right)
}

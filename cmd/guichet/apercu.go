package main

import (
	"guichet/api"
	"guichet/courrier"
	"guichet/opco"
)

// apercuDe words what would be sent, as the postier would write it, without sending
// anything.
func apercuDe(maison func() (courrier.Maison, error)) func(opco.Envoi) (api.LettreApercue, error) {
	return func(e opco.Envoi) (api.LettreApercue, error) {
		evt, err := courrier.Rediger(e)
		if err != nil {
			return api.LettreApercue{}, err
		}
		m, err := maison()
		if err != nil {
			return api.LettreApercue{}, err
		}
		msg, err := evt.Courriel(m)
		if err != nil {
			return api.LettreApercue{}, err
		}
		a := api.LettreApercue{Objet: msg.Objet, Texte: msg.Texte}
		if l, ok := evt.Lettre(m); ok {
			a.HTML, err = l.HTML()
		}
		return a, err
	}
}

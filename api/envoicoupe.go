package api

import (
	"errors"
	"io/fs"
	"net/http"

	"guichet/opco"
)

// envoiCoupe is what is said of a file that stopped on its way.
var envoiCoupe = &erreurStatut{statut: http.StatusBadRequest, champ: "fichier",
	detail: "L’envoi n’a pas abouti : il s’est interrompu, ou il est arrivé abîmé. Rien n’en a été enregistré : choisissez votre fichier et envoyez-le de nouveau."}

// EnvoiCoupe is the refusal of a sending that err keeps from being read to its end: gros when it is
// longer than what the door lets in. What our own disk did not take is a fault of ours, and a refusal
// in words has said what is wrong: both are returned as they are. All the rest came from the way, and
// must not be taken for what the house runs on.
func EnvoiCoupe(err, gros error) error {
	var trop *http.MaxBytesError
	var disque *fs.PathError
	var regle *opco.Error
	var porte *erreurStatut
	switch {
	case errors.As(err, &trop):
		return gros
	case errors.As(err, &disque), errors.As(err, &regle), errors.As(err, &porte):
		return err
	}
	return envoiCoupe
}

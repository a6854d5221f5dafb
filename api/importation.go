package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"slices"
	"time"

	"github.com/google/uuid"

	"guichet/opco"
	"guichet/store"
)

// importMax bounds a file of demandes, in bytes.
const importMax = 2 << 20

// FautesImport refuses a file of demandes: nothing of it was made. As a problem it has
// one field a fault: « lignes[12].debut ».
type FautesImport []opco.FauteImport

// Error is the first fault.
func (f FautesImport) Error() string { return f[0].Phrase }

// Unwrap gives the faults as refusals of fields, two hundred at most.
func (f FautesImport) Unwrap() error {
	tous := make(champs, 0, len(f))
	for _, x := range f[:min(len(f), 200)] {
		champ := "fichier"
		if x.Ligne > 0 {
			champ = fmt.Sprintf("lignes[%d]", x.Ligne)
		}
		if x.Colonne != "" {
			champ += "." + x.Colonne
		}
		phrase := x.Phrase
		if x.Ligne > 0 {
			phrase = fmt.Sprintf("Ligne %d : %s", x.Ligne, x.Phrase)
		}
		tous = append(tous, opco.Champf(champ, "%s", phrase).AvecCode("IMPORT_REFUSE"))
	}
	return tous
}

// ImporterDemandes answers POST /api/demandes/import: every line is good and each
// demande is a brouillon, or nothing is made.
func (s *Server) ImporterDemandes(ctx context.Context, r ImporterDemandesRequestObject) (ImporterDemandesResponseObject, error) {
	acte, nom, octets, err := lireFichierImport(r.Body)
	if err != nil {
		return nil, err
	}
	if acte == "" {
		return nil, opco.Champf("acte_id", "Ce champ est obligatoire.")
	}
	ds, err := s.ImporterFichier(ctx, acte, nom, octets)
	if err != nil {
		return nil, err
	}
	rep := ImporterDemandes200JSONResponse{Importation: acte, Demandes: []DemandeImportee{}}
	for _, d := range ds {
		rep.Demandes = append(rep.Demandes, DemandeImportee{Ligne: int32(d.Ligne), Dossier: store.IDImport(acte, fmt.Sprint("dossier/", d.Ligne)), Intitule: d.Demande.Intitule})
	}
	return rep, nil
}

// lireFichierImport reads a form that holds one file and the id of its sending, and
// passes over the fields that a page adds.
func lireFichierImport(r *multipart.Reader) (acte, nom string, octets []byte, err error) {
	for n := 0; ; n++ {
		p, err := r.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", "", nil, EnvoiCoupe(err, importTropGros())
		}
		if n > 5 {
			return "", "", nil, malforme("Ce formulaire a trop de champs.")
		}
		brut, err := io.ReadAll(io.LimitReader(p, importMax+1))
		if err != nil {
			return "", "", nil, EnvoiCoupe(err, importTropGros())
		}
		switch {
		case p.FormName() == "fichier" && octets == nil:
			nom, octets = etiquette(p.FileName()), brut
		case p.FormName() == "acte_id":
			id, err := uuid.Parse(string(brut))
			if err != nil {
				return "", "", nil, opco.Champf("acte_id", "L’identifiant de l’envoi est un UUID.")
			}
			acte = id.String()
		}
	}
	switch {
	case len(octets) == 0:
		return "", "", nil, opco.Champf("fichier", "Choisissez votre fichier : celui-ci est vide.")
	case len(octets) > importMax:
		return "", "", nil, importTropGros()
	}
	return acte, nom, octets, nil
}

func importTropGros() error {
	return opco.Champf("fichier", "Ce fichier dépasse 2 Mo : partagez-le en plusieurs.").AvecCode(opco.FichierTropGros)
}

// ImporterFichier makes the brouillons of a file, all or none; acte is the id of the
// sending. A refused file is FautesImport.
func (s *Server) ImporterFichier(ctx context.Context, acte, nom string, octets []byte) ([]opco.DemandeImportee, error) {
	u := qui(ctx)
	le, err := s.Store.Maintenant(ctx)
	if err != nil {
		return nil, err
	}
	regles, err := s.Store.Parametres(ctx, opco.JourDe(le))
	if err != nil {
		return nil, err
	}
	somme := sha256.Sum256(octets)
	rang := 0
	id := func() string { rang++; return store.IDImport(acte, fmt.Sprint("stagiaire/", rang)) }
	ds, fautes := opco.LireImport(octets, regles.ImportLignes, id)
	for _, d := range ds {
		if !slices.Contains(u.Ecrit, string(d.Demande.Etablissement)) {
			fautes = append(fautes, opco.FauteImport{Ligne: d.Ligne, Colonne: "etablissement_siret", Phrase: "Cet établissement n’est pas l’un des vôtres. Choisissez-le dans votre liste."})
		}
	}
	if len(fautes) > 0 {
		return nil, FautesImport(fautes)
	}
	im := store.Importation{ID: acte, Fichier: nom, Nom: u.Acteur("").Nom}
	err = s.Store.Importer(ctx, im, hex.EncodeToString(somme[:]), u.Personne, ds, func(x opco.SIRET) opco.Acteur { return u.Acteur(string(x)) })
	return ds, err
}

// LireImportation reads what a file made and that the reader still has, after a line.
func (s *Server) LireImportation(ctx context.Context, id string, apres, limite int) (store.Importation, []store.DemandeDeFichier, int, error) {
	p := qui(ctx).Portee()
	im, err := s.Store.ImportationDe(ctx, p, id)
	if err != nil {
		return im, nil, 0, err
	}
	ds, suivant, err := s.Store.DemandesImportees(ctx, p, id, apres, limite)
	return im, ds, suivant, err
}

// EnvoiImport says what became of the demandes of a file when they were sent: how many
// left, and why each other one stays a brouillon.
type EnvoiImport struct {
	Partis  int
	Retenus map[string]string // by dossier: the sentence
}

// transmissionMax is how long an answer waits for the procedures to hear of many actes:
// the relay tells them the rest.
const transmissionMax = 3 * time.Second

// EnvoyerImportation sends the brouillons of a file (T04). One that would be late is
// held back: sent now, it would be refused (T05). The pièces that lack are « à venir ».
// acte is the id of the sending: sent twice, each demande leaves once.
func (s *Server) EnvoyerImportation(ctx context.Context, id, acte string, certifie bool) (EnvoiImport, error) {
	e := EnvoiImport{Retenus: map[string]string{}}
	if !certifie {
		return e, opco.Champf("certifie", "Certifiez l’exactitude de vos demandes avant de les envoyer.")
	}
	_, ds, _, err := s.LireImportation(ctx, id, 0, 500)
	if err != nil {
		return e, err
	}
	court, fin := context.WithTimeout(ctx, transmissionMax)
	defer fin()
	for _, x := range ds {
		if x.Etat != opco.EtatBrouillon {
			continue
		}
		a, err := s.deposerImportee(ctx, x.ID, store.IDImport(acte, "depot/"+x.ID))
		var refus *opco.Error
		switch {
		case errors.As(err, &refus):
			e.Retenus[x.ID] = refus.Message
			continue
		case err != nil:
			return e, err
		}
		e.Partis++
		if court.Err() == nil {
			s.transmettre(court, a)
		}
	}
	return e, nil
}

// deposerImportee puts the dépôt of one demande in the inbox.
func (s *Server) deposerImportee(ctx context.Context, id, acte string) (opco.Acte, error) {
	d, err := s.Store.Dossier(ctx, qui(ctx).Portee(), id)
	if err != nil {
		return opco.Acte{}, err
	}
	moment, err := s.MomentDuDepot(ctx, d.Demande.Debut)
	if err != nil {
		return opco.Acte{}, err
	}
	if moment.Tard {
		return opco.Acte{}, opco.Errorf(opco.Conflict, "Trop tard : il fallait l’envoyer le %s au plus tard. Changez les dates, ou gardez-la en brouillon.", moment.Limite.Longue())
	}
	if refus := d.Demande.Valider(); len(refus) > 0 {
		return opco.Acte{}, refus[0]
	}
	c := opco.ChargeDeposer{Certifie: true}
	for _, m := range opco.PiecesManquantes(d) {
		c.AVenir = append(c.AVenir, m.Type)
	}
	r, err := s.recevoirActe(ctx, d, acte, opco.ActeDeposer, c)
	return r.Acte, err
}

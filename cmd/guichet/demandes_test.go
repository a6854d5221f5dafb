package main

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/google/uuid"

	"guichet/opco"
	"guichet/store"
)

// agir has somebody do an acte on a dossier, which must be applied.
func agir(t *testing.T, s *store.Store, dossier string, acte opco.TypeActe, par opco.Acteur, charge any) {
	t.Helper()
	b, err := json.Marshal(charge)
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.Recevoir(t.Context(), opco.Acte{ID: uuid.NewString(), Objet: opco.ObjetDossier(dossier), Type: acte, Par: par, Charge: b})
	if err != nil {
		t.Fatal(err)
	}
	if err := (&procedureDirecte{s: s}).Transmettre(t.Context(), r.Acte); err != nil {
		t.Fatal(err)
	}
	if r, err = s.Acte(t.Context(), r.Acte.ID); err != nil || r.Verdict != opco.VerdictApplique {
		t.Fatalf("%s of %s: %+v, %v", acte, dossier, r, err)
	}
}

// enInstruction has par complete dossiers that were sent: each waits for its décision.
func enInstruction(t *testing.T, s *store.Store, par opco.Acteur, ids []string) []string {
	t.Helper()
	e1, err := s.Utilisateur(t.Context(), "e1")
	if err != nil {
		t.Fatal(err)
	}
	manquent := []opco.TypePiece{opco.PieceProgramme, opco.PieceConvention}
	for _, id := range ids {
		var demandees []opco.PieceDemandee
		var jointes []opco.Piece
		for _, p := range manquent {
			demandees = append(demandees, opco.PieceDemandee{Type: p, Motif: opco.MotifManquante})
			jointes = append(jointes, opco.Piece{ID: uuid.NewString(), Type: p, Titre: string(p), Etat: opco.PieceRecue})
		}
		agir(t, s, id, opco.ActeDemanderComplement, par, opco.ChargeDemanderComplement{Pieces: demandees})
		agir(t, s, id, opco.ActeJoindre, e1.Acteur("99900101900010"), opco.ChargeJoindre{Pieces: jointes})
	}
	return ids
}

// transmis sends n demandes of e1 and returns their ids.
func transmis(t *testing.T, s *store.Store, n int) []string {
	t.Helper()
	e1, err := s.Utilisateur(t.Context(), "e1")
	if err != nil {
		t.Fatal(err)
	}
	ids := make([]string, n)
	charge := opco.ChargeDeposer{Certifie: true, AVenir: []opco.TypePiece{opco.PieceProgramme, opco.PieceConvention, opco.PieceDevis}}
	for i := range ids {
		ids[i] = uuid.NewString()
		d := &opco.Dossier{ID: ids[i], Demande: demandeDe(t, s, fmt.Sprintf("Sécurité %d", i))}
		creer := opco.Acte{ID: uuid.NewString(), Objet: opco.ObjetDossier(ids[i]), Type: opco.ActeCreer, Par: e1.Acteur("99900101900010")}
		if _, err := s.AppliquerDirect(t.Context(), creer, d); err != nil {
			t.Fatal(err)
		}
		agir(t, s, ids[i], opco.ActeDeposer, creer.Par, charge)
	}
	return ids
}

// demandeDe is a whole demande of e1 to of1, in the coming months.
func demandeDe(t *testing.T, s *store.Store, intitule string) opco.Demande {
	t.Helper()
	le, err := s.Maintenant(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	debut := opco.JourDe(le).Jours(40)
	return opco.Demande{
		Etablissement: "99900101900010", Subrogation: true, Intitule: intitule, Nature: opco.NatureFormation,
		Organisme: opco.OrganismeDemande{SIRET: "99900136500017", Nom: "Formalia Synthèse", NDA: "11756099975", Adresse: "1 rue des Essais",
			CodePostal: "75001", Ville: "Paris"},
		Duree: 14 * 60, Debut: debut, Fin: debut.Jours(1), Lignes: []opco.LigneDemandee{{Ligne: opco.LignePeda, Montant: 60000}},
		Stagiaires: []opco.Stagiaire{{ID: "s1", Nom: "Lefèvre", Prenom: intitule, Heures: 14 * 60, Peda: 60000}},
	}
}

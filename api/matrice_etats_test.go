package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"guichet/api"
	"guichet/opco"
)

// gestes says which acte each writing route of a dossier is: a route that is not
// here fails.
var gestes = map[string]opco.TypeActe{
	"depot": opco.ActeDeposer, "complement": opco.ActeDemanderComplement, "jonction": opco.ActeJoindre, "instruction": opco.ActeInstruire,
	"refus-tardif": opco.ActeRefuserTardif, "decision": opco.ActeDecider, "validation": opco.ActeValider, "renvoi": opco.ActeRenvoyer,
	"annulation": opco.ActeAnnuler, "retrait-stagiaire": opco.ActeRetirerStagiaire, "forclusion": opco.ActeConfirmerForclusion,
	"certificats": opco.ActeCertifier, "factures": opco.ActeFacturer, "avoirs": opco.ActeDeposerAvoir, "non-conformite": opco.ActeDeclarerNonConforme,
	"litige": opco.ActeMettreEnLitige, "refus-facture": opco.ActeRefuserFacture, "service-fait": opco.ActeConstater, "remise-en-paiement": opco.ActeRepresenter,
	"indus": opco.ActeConstaterIndu, "compensation": opco.ActeCompenser,
}

// sansTransition are the writing routes of a dossier that are no acte of its procedure:
// they leave its état as it is, whatever it is.
var sansTransition = []string{"pieces", "copie", "echanges", "notes", "factures/essai", "factures/lecture"}

// admet says from the table of transitions alone what a dossier in état e takes from
// role r.
func admetParcours(e opco.Etat, a opco.TypeActe, r opco.Role) bool {
	return slices.ContainsFunc(opco.Parcours(), func(t opco.Transition) bool {
		return t.Acte == a && slices.Contains(t.De, e) && slices.Contains(t.Acteurs, r)
	})
}

// TestMatriceDesEtats tries every acte on a dossier in every état, by everybody whom
// its route lets in: it is received exactly when the table of transitions has it.
func TestMatriceDesEtats(t *testing.T) {
	m := &matrice{guichet: ouvrirAvec(t, true, func(c *api.Config) { c.Attente = 5 * time.Millisecond }), objets: map[string]map[relation]string{}}
	var err error
	if m.h, err = m.serveur.Handler(); err != nil {
		t.Fatal(err)
	}
	m.relais.muet.Store(false)
	id, _ := m.enReglement()
	m.relais.muet.Store(true) // what is received stays received
	n := 0
	for _, etat := range opco.Etats() {
		if etat == opco.EtatSupprime {
			continue // nobody reads it any more: the matrix of refusals has it
		}
		m.sql(`UPDATE dossier SET etat = $2, contenu = jsonb_set(contenu, '{etat}', to_jsonb($2::text)) WHERE id = $1`, id, string(etat))
		for cle, regle := range api.Acces() {
			reste, du := strings.CutPrefix(cle, "POST /api/dossiers/{id}/")
			if !du {
				continue
			}
			if slices.Contains(sansTransition, reste) {
				m.sansChangerDEtat(t, id, reste, etat, regle.Roles)
				continue
			}
			acte, connu := gestes[reste]
			if !connu {
				t.Fatalf("%s is no acte of the matrix: say which one it is", cle)
			}
			for _, role := range regle.Roles {
				n++
				m.tenterActe(t, id, reste, etat, acte, role)
			}
		}
	}
	if n < 500 {
		t.Errorf("only %d cases", n)
	}
	t.Logf("%d cases", n)
}

// sansChangerDEtat tries a route that is no acte, by everybody whom it lets in.
func (m *matrice) sansChangerDEtat(t *testing.T, id, route string, etat opco.Etat, roles []opco.Role) {
	t.Helper()
	chemin := "/api/dossiers/{id}/" + route
	for _, role := range roles {
		e := essai{methode: http.MethodPost, chemin: chemin}
		if r := m.demander(principal{cle: m.cles[comptes[role]]}, e.methode, chemin, "/api/dossiers/"+id+"/"+route, e.corps()); r.statut >= 500 {
			t.Errorf("%s by %s on a dossier %s: got %d %.200s", route, role, etat, r.statut, r.corps)
		}
	}
	if lu := m.uneValeur(`SELECT etat FROM dossier WHERE id = $1`, id); lu != string(etat) {
		t.Errorf("%s on a dossier %s: it is now %s", route, etat, lu)
	}
}

func (m *matrice) tenterActe(t *testing.T, id, route string, etat opco.Etat, acte opco.TypeActe, role opco.Role) {
	t.Helper()
	chemin := "/api/dossiers/{id}/" + route
	e := essai{methode: http.MethodPost, chemin: chemin}
	corps := avecPiece(e.corps(), m.uneValeur(`SELECT min(id::text) FROM piece WHERE dossier = $1`, id))
	r := m.demander(principal{cle: m.cles[comptes[role]]}, e.methode, chemin, "/api/dossiers/"+id+"/"+route, corps)
	cas := fmt.Sprintf("%s by %s on a dossier %s", route, role, etat)
	var p api.Probleme
	_ = json.Unmarshal(r.corps, &p) // an acte received is no problem
	if etat == opco.EtatBrouillon && role != opco.RoleEntreprise {
		if r.statut != http.StatusNotFound {
			t.Errorf("%s: got %d, want 404: a brouillon is its company's alone", cas, r.statut)
		}
		return
	}
	admis := admetParcours(etat, acte, role)
	switch {
	case r.statut >= 500:
		t.Errorf("%s: got %d %.200s", cas, r.statut, r.corps)
	case admis && (r.statut == http.StatusForbidden || r.statut == http.StatusConflict && !exigePlus(etat, acte)):
		t.Errorf("%s: got %d %.200s, which the table of transitions admits", cas, r.statut, r.corps)
	case !admis && r.statut != http.StatusConflict && r.statut != http.StatusForbidden:
		t.Errorf("%s: got %d %.200s, which the table of transitions does not admit", cas, r.statut, r.corps)
	}
}

// avecPiece names in a body, wherever it names one, a pièce that the dossier has.
func avecPiece(corps any, piece string) any {
	switch c := corps.(type) {
	case objet:
		for nom, v := range c {
			switch _, liste := v.([]any); {
			case nom == "piece_id":
				c[nom] = piece
			case nom == "pieces" && liste && c["facture"] != nil:
				c[nom] = []any{piece}
			default:
				avecPiece(v, piece)
			}
		}
	case []any:
		for _, v := range c {
			avecPiece(v, piece)
		}
	}
	return corps
}

// exigePlus are the actes that wait for more than an état: certificates of a period
// only when the payment is échelonné, a pièce only when one is asked for.
func exigePlus(e opco.Etat, a opco.TypeActe) bool {
	parPeriode := []opco.Etat{opco.EtatEnRealisation, opco.EtatEnReglement, opco.EtatRegleePartielle}
	return a == opco.ActeCertifier && slices.Contains(parPeriode, e) || a == opco.ActeJoindre && e != opco.EtatACompleter
}

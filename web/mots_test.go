package web_test

import (
	"net/url"
	"strings"
	"testing"

	"guichet/api"
	"guichet/opco"
	"guichet/web"
)

// TestThePagesSayWhatIs reads sentences that a newcomer misread: each page says
// what is so, and only that.
func TestThePagesSayWhatIs(t *testing.T) {
	reponses := url.Values{"acte_id": {idActe}, "droit_1": {droitA}, "choix_1": {"refuser"}}
	audit := agent(opco.RoleAuditeur)
	tests := []struct {
		name, methode, chemin string
		form                  url.Values
		qui                   web.Occupant
		veut, pas             []string
	}{
		{"a refusal without its reason names the right", "POST", "/habilitations/" + idCompte, reponses, agent(opco.RoleConseiller),
			[]string{"« Dossiers de formation, …00010 » : choisissez le motif", `value="CODE_ADHERENT_FAUX"`}, []string{"Motif du refus <i>", `value="NDA_DIFFERENTE"`}},
		{"one reason for all", "POST", "/habilitations/" + idCompte, avec(reponses, "motif_tous", "SERVICE_INADAPTE"), agent(opco.RoleConseiller), nil, []string{"à corriger"}},
		{"closing says when the data go", "GET", "/compte/cloture", nil, entreprise(opco.ServiceDossiers), []string{"effacés de ce compte le 11 juillet 2026."}, []string{"connecter ."}},
		{"the home of an auditeur leads to the reads", "GET", "/accueil", nil, audit, []string{`href="/journal-lectures">Lire`}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			i := &interieurFaux{occupant: tt.qui, droits: droitsTest(opco.HabAValider)}
			form := tt.form
			if form != nil {
				form = pourLui(i, form)
			}
			page := strings.ReplaceAll(demander(moteurInterieur(t, i), tt.methode, tt.chemin, form).Body.String(), "\u00a0", " ")
			for _, v := range tt.veut {
				if !strings.Contains(page, v) {
					t.Errorf("the page lacks %q", v)
				}
			}
			for _, v := range tt.pas {
				if strings.Contains(page, v) {
					t.Errorf("the page says %q", v)
				}
			}
		})
	}
}

// TestAQuestionIsTheOnlyThingToDo: whoever is asked something is not told, on the
// same page, that there is nothing to do or that no right is open.
func TestAQuestionIsTheOnlyThingToDo(t *testing.T) {
	for _, e := range []opco.EtatHabilitation{opco.HabPrecision, opco.HabRefusee} {
		m := web.MonCompte{Jour: "2026-06-11"}
		m.Etat, m.Droits = opco.CompteActifLimite, []api.DroitLu{{Etat: e}}
		if dit := web.Attend(m); dit != (e == opco.HabRefusee) {
			t.Errorf("%s: the home says what is awaited: %t", e, dit)
		}
	}
}

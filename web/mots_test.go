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
		{"MA-41, why one is asked", "GET", "/inscription", nil, web.Occupant{}, []string{"Pourquoi ces questions ?", "Vos réponses prouvent que vous connaissez l’entreprise ou l’organisme"}, nil},
		{"MA-63, to one’s account", "GET", "/activation", nil, web.Occupant{}, []string{"Accéder à mon compte", `href="/connexion">Se connecter</a>`, `href="/mot-de-passe-oublie">Mot de passe oublié ?</a>`, `href="/inscription">Créer mon compte</a>`}, nil},
		{"MA-75, the four good reasons", "GET", "/", nil, web.Occupant{}, []string{"Retrouver l’historique de vos démarches", "Suivre règlements, factures et attestations", "Demander une prise en charge", "Déclarer vos contributions", "Bientôt, pour les entreprises"},
			[]string{"arrivent ensuite"}},
		{"MA-70, MA-76, who is connected, and the way out", "GET", "/accueil", nil, entreprise(opco.ServiceDossiers), []string{`<div class="moi"><a href="/compte">`, "<small class=\"sec\"><br>Entreprise</small>", `<form method="post" action="/deconnexion">`, `href="/accueil"`}, nil},
		{"MA-77, my account", "GET", "/accueil", nil, entreprise(opco.ServiceDossiers), []string{"Bonjour", "lucie@exemple.test", `<a href="/compte/modifier">Modifier mon compte</a>`}, nil},
		{"a conseiller comes to a company", "GET", "/accueil", nil, agent(opco.RoleConseiller), []string{"Conseiller une entreprise", `action="/recherche"`, `href="/habilitations"`}, nil},
		{"an auditeur is not offered to answer", "GET", "/habilitations", nil, audit, nil, []string{"/habilitations/suivante"}},
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

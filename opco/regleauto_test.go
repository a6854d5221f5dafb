package opco

import (
	"errors"
	"testing"
)

// TestRegleAutoAccorde: a rule grants only what was asked for in a box whose every
// question agrees.
func TestRegleAutoAccorde(t *testing.T) {
	regle := RegleAuto{Profil: RoleEntreprise, Service: ServiceDossiers, Questions: []string{QuestionMasse, QuestionSiretCode}}
	demande := Habilitation{Profil: RoleEntreprise, Service: ServiceDossiers, Bloc: "1"}
	avec := func(f func(h *Habilitation)) Habilitation { h := demande; f(&h); return h }
	preuve := func(bloc, question string, ok bool) Preuve {
		return Preuve{Bloc: bloc, Question: question, Concorde: ok}
	}
	tout := []Preuve{preuve("1", QuestionMasse, true), preuve("1", QuestionSiretCode, true), preuve("1", QuestionResponsable, false)}
	for _, tt := range []struct {
		nom     string
		regle   RegleAuto
		droit   Habilitation
		preuves []Preuve
		oui     bool
	}{
		{"all agree, one that is not asked does not", regle, demande, tout, true},
		{"one question has no answer", regle, demande, tout[:1], false},
		{"one does not agree", regle, demande, []Preuve{tout[0], preuve("1", QuestionSiretCode, false)}, false},
		{"the answers are those of another box", regle, avec(func(h *Habilitation) { h.Bloc = "2" }), tout, false},
		{"another service", regle, avec(func(h *Habilitation) { h.Service = ServiceContributions }), tout, false},
		{"the other profile", regle, avec(func(h *Habilitation) { h.Profil = RoleOrganisme }), tout, false},
		{"given by somebody, not asked for", regle, avec(func(h *Habilitation) { h.Bloc = "" }), tout, false},
		{"a mandate", regle, avec(func(h *Habilitation) { h.Mandat = true }), tout, false},
		{"a rule that asks nothing", RegleAuto{Profil: RoleEntreprise, Service: ServiceDossiers}, demande, tout, false},
	} {
		if got := tt.regle.Accorde(&Compte{Preuves: tt.preuves}, tt.droit); got != tt.oui {
			t.Errorf("%s: got %v", tt.nom, got)
		}
	}
}

// TestRegleAutoValider: what no rule may say, and on which field it is refused.
func TestRegleAutoValider(t *testing.T) {
	for _, tt := range []struct {
		regle RegleAuto
		champ string
	}{
		{RegleAuto{Profil: RoleEntreprise, Service: ServiceDossiers, Questions: []string{QuestionMasse}}, ""},
		{RegleAuto{Profil: RoleOrganisme, Service: ServicePaiements, Questions: []string{QuestionNDA, QuestionFacture, QuestionResponsable}}, ""},
		{RegleAuto{Profil: RoleEntreprise, Service: ServicePaiements, Questions: []string{QuestionMasse}}, "service"},
		{RegleAuto{Profil: RoleGestionnaire, Service: ServiceDossiers, Questions: []string{QuestionMasse}}, "service"},
		{RegleAuto{Profil: RoleEntreprise, Service: ServiceUtilisateurs, Questions: []string{QuestionMasse}}, "service"},
		{RegleAuto{Profil: RoleEntreprise, Service: ServiceDossiers}, "questions"},
		{RegleAuto{Profil: RoleEntreprise, Service: ServiceDossiers, Questions: []string{QuestionNDA}}, "questions"},
		{RegleAuto{Profil: RoleEntreprise, Service: ServiceDossiers, Questions: []string{QuestionMasse, QuestionMasse}}, "questions"},
	} {
		err := tt.regle.Valider()
		var e *Error
		if errors.As(err, &e) != (tt.champ != "") || e != nil && e.Champ != tt.champ {
			t.Errorf("%+v: got %v, want a refusal on %q", tt.regle, err, tt.champ)
		}
	}
}

package opco_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guichet/opco"
)

// hasardCompte draws what happens to one account: people of all roles, with words
// that often fit and sometimes do not, and time.
type hasardCompte struct {
	*vieCompte
	t       *rapid.T
	secrets []string // every code, link and provisional password that left
}

// Whatever people and délais do, in whatever order: no forbidden edge, no secret kept,
// an account is active when it has a right and only then, a right is effective only
// when somebody granted it, échéances are sorted and never in the past.
func TestCompteTientSesPromesses(t *testing.T) {
	etats, acceptes := map[string]int{}, 0
	rapid.Check(t, func(t *rapid.T) {
		for range 3 {
			h := &hasardCompte{vieCompte: naitreCompte(t, "2026-06-01 10:00"), t: t}
			h.poser = h.faitsTires
			for range 1 + hasard(t, "longueur", 60) {
				if h.agir() {
					acceptes++
				}
				h.verifier()
				etats[string(h.c.Etat)]++
			}
		}
	})
	for _, e := range opco.EtatsCompte() {
		if etats[string(e)] == 0 {
			t.Errorf("no sequence reached %s: %v", string(e), etats)
		}
	}
	t.Logf("%d steps applied; %v", acceptes, etats)
}

func (h *hasardCompte) de(n int) int { return hasard(h.t, "choix", n) }

func tire[T any](h *hasardCompte, xs ...T) T { return xs[h.de(len(xs))] }

// faitsTires are drawn afresh at each step.
func (h *hasardCompte) faitsTires(f *opco.FaitsCompte) {
	f.EmailPris, f.IdentifiantPris, f.MotDePasse = h.de(12) == 0, h.de(12) == 0, h.de(8) > 0
	f.AutresAdmins = h.de(3)
	f.Auteur = administratrice()
	if h.de(3) == 0 {
		f.Auto = []opco.RegleAuto{{ID: "r", Profil: opco.RoleEntreprise, Service: opco.ServiceDossiers, Questions: []string{opco.QuestionMasse}}}
	}
	if len(h.c.Habilitations) > 0 && h.de(2) == 0 {
		f.Usages = map[string]time.Time{h.c.Habilitations[h.de(len(h.c.Habilitations))].ID: f.Le}
	}
	f.Delegue = &opco.Compte{ID: "c-zoe", Personne: "p-zoe", Etat: opco.CompteActif, Origine: opco.OrigineInterne, Identite: opco.Identite{Nom: "Zoé", Email: "z@opco.example"}}
}

// agir does one thing, and reports whether it was applied.
func (h *hasardCompte) agir() bool {
	if h.de(4) == 0 {
		h.vers(h.le.Add(tire(h, time.Minute, time.Hour, 25*time.Hour, 80*time.Hour, 20*24*time.Hour, 400*24*time.Hour)))
		return true
	}
	h.vers(h.le.Add(time.Duration(h.de(200)) * time.Minute))
	t := h.typeActe()
	charge, err := json.Marshal(h.charge(t))
	if err != nil {
		h.t.Fatal(err)
	}
	a := opco.Acte{ID: "a", Type: t, Le: h.le, Charge: charge, Par: tire(h, h.auteur(t), h.auteur(t), h.auteur(t), demandeur, titulaire, ines, gael, remi, adele, amin, rose)}
	err = h.pas(a, nil)
	var refus *opco.Error
	if err != nil && !errors.As(err, &refus) {
		h.t.Fatalf("%s by %s: %v\n%s", t, a.Par.Role, err, h.historique())
	}
	return err == nil
}

// typeActe draws an acte of people, more often one that the état admits.
func (h *hasardCompte) typeActe() opco.TypeActe {
	var tous, admis []opco.TypeActe
	for _, x := range opco.ParcoursCompte() {
		if slices.Equal(x.Acteurs, []opco.Role{opco.RoleSysteme}) {
			continue
		}
		tous = append(tous, x.Acte)
		if slices.Contains(x.De, h.c.Etat) && x.Acte != opco.ActeCloreCompte {
			admis = append(admis, x.Acte)
		}
	}
	if premiere := h.c.Etat == opco.CompteIdentifiantModifie || h.c.Etat == opco.CompteProvisoire; premiere && h.de(2) > 0 {
		return tire(h, opco.ActePersonnaliser, opco.ActeConfirmerIdentifiant)
	}
	if len(admis) > 0 && h.de(8) > 0 {
		return tire(h, admis...)
	}
	return tire(h, tous...)
}

// auteur is somebody who may do the acte.
func (h *hasardCompte) auteur(t opco.TypeActe) opco.Acteur {
	for _, x := range opco.ParcoursCompte() {
		if x.Acte != t || !slices.Contains(x.De, h.c.Etat) {
			continue
		}
		par := titulaire
		par.Role = x.Acteurs[h.de(len(x.Acteurs))]
		switch par.Role {
		case opco.RoleConseiller:
			return ines
		case opco.RoleResponsable:
			return remi
		case opco.RoleGestionnaire:
			return gael
		case opco.RoleAdmin:
			return tire(h, adele, amin)
		case opco.RoleEntreprise:
			return tire(h, rose, par)
		case opco.RoleSysteme:
			return opco.ActeurSysteme()
		}
		return par
	}
	return titulaire
}

// charge writes what the acte wants, sometimes something else.
func (h *hasardCompte) charge(t opco.TypeActe) any {
	b := tire(h, blocE1(), blocOF1())
	b.Services = []opco.Service{tire(h, opco.Services(b.Profil)...)}
	d := tire(h, droit(siretE1, opco.ServiceDossiers), droit(siretE1, opco.ServiceUtilisateurs),
		mandat(siretE1, opco.ServiceDossiers, opco.JourDe(h.le), opco.JourDe(h.le).Jours(h.de(40))))
	role := tire(h, opco.RoleConseiller, opco.RoleComptable, opco.RoleResponsable, opco.RoleAuditeur)
	switch t {
	case opco.ActeInscrire:
		return inscription(b)
	case opco.ActeConfirmerEmail, opco.ActeConfirmerIdentifiant, opco.ActeReinitialiser:
		return opco.ChargeCode{Empreinte: opco.EmpreinteCode(h.secret()), Version: "v1"}
	case opco.ActeDeciderDroits:
		return opco.ChargeDecision{Reponses: []opco.ReponseDroit{{Habilitation: h.droit(), Accorder: h.de(3) > 0, Motif: "NON_MANDATE"}}}
	case opco.ActeDemanderPrecision:
		return opco.ChargePrecision{Habilitations: []string{h.droit()}, Question: "Qui êtes-vous ?"}
	case opco.ActeRepondrePrecision:
		return opco.ChargeReponse{Habilitations: []string{h.droit()}, Reponse: "Moi."}
	case opco.ActeAjouterEntite:
		return opco.ChargeBlocs{Blocs: []opco.BlocDemande{b}}
	case opco.ActeRetirerDroits, opco.ActeRedemanderDroit:
		return opco.ChargeDroits{Habilitations: []string{h.droit()}, Raison: "Départ"}
	case opco.ActeInviter, opco.ActeDonnerDroits:
		return invitation(d)
	case opco.ActeOuvrirCompte:
		return opco.ChargeOuvrirCompte{Identite: opco.Identite{Nom: "Formalia", Email: "f@of.example"}, Identifiant: "OF3-0001", Droits: []opco.DroitDonne{d}}
	case opco.ActePersonnaliser:
		return opco.ChargePersonnaliser{Identifiant: tire(h, "formalia", "of3-0001")}
	case opco.ActeAccepterConfidentialite:
		return opco.ChargeVersion{Version: "v1"}
	case opco.ActeReprendreCompte:
		return opco.ChargeReprise{Identifiant: "e1", Personne: "c1", Droits: []opco.DroitDonne{d}}
	case opco.ActeCreerAgent:
		return agent(role)
	case opco.ActeAccorderRole, opco.ActeConfirmerRole, opco.ActeRetirerRole:
		return opco.ChargeRole{Role: role, Raison: "Mobilité"}
	case opco.ActeDeleguer:
		j := opco.JourDe(h.le)
		return opco.ChargeDelegation{ID: "d" + string(rune('0'+h.de(9))), Delegue: "c-zoe", Role: role, Du: j, Au: j.Jours(h.de(70)), Raison: "Congés"}
	case opco.ActeFinirDelegation:
		return opco.ChargeFin{ID: "d" + string(rune('0'+h.de(9)))}
	case opco.ActeDeclarerLien:
		return opco.ChargeLien{SIREN: "999001019", Raison: "Conjoint"}
	case opco.ActeFinirLien:
		return opco.ChargeFin{ID: "999001019"}
	case opco.ActeCloreCompte:
		return opco.ChargeRaisonCompte{Raison: "Départ"}
	case opco.ActeModifierCompte:
		return opco.ChargeModifier{Civilite: "Mme", Nom: "Kerbrat", Prenom: "Paule"}
	case opco.ActeChangerFacteur:
		return opco.ChargeFacteur{Facteur: "TOTP"}
	}
	return nil
}

// secret is the last one that left, sometimes another.
func (h *hasardCompte) secret() string {
	if n := len(h.secrets); n > 0 && h.de(8) > 0 {
		return h.secrets[n-1]
	}
	return "AAAA-AAAA-AAAA"
}

// droit names a right, more often one that still waits for something.
func (h *hasardCompte) droit() string {
	var ids []string
	for _, x := range h.c.Habilitations {
		ids = append(ids, x.ID)
		if x.Etat.Attendue() {
			ids = append(ids, x.ID, x.ID)
		}
	}
	if len(ids) == 0 {
		return dossiers1
	}
	return tire(h, ids...)
}

func (h *hasardCompte) verifier() {
	for _, m := range h.courrier[len(h.secrets):] {
		h.secrets = append(h.secrets, m.Secret)
	}
	b, err := json.Marshal(h.c)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, s := range h.secrets {
		if s != "" && (strings.Contains(string(b), s) || strings.Contains(string(b), opco.NormaliserCode(s))) {
			h.t.Fatalf("the secret %s is kept in clear: %s", s, b)
		}
	}
	acquis := slices.ContainsFunc(h.c.Habilitations, func(x opco.Habilitation) bool { return x.Etat == opco.HabAccordee }) ||
		slices.ContainsFunc(h.c.Roles, opco.RoleAccorde.EnVigueur)
	if opco.CompteOuvert(h.c.Etat) && acquis != (h.c.Etat == opco.CompteActif) {
		h.t.Fatalf("%s with %s", string(h.c.Etat), h.droits())
	}
	for _, x := range h.c.Habilitations {
		switch {
		case x.Effective(opco.JourDe(h.le)) && (x.DecideeLe.IsZero() || x.DecideePar.Role == "" || !opco.CompteOuvert(h.c.Etat)):
			h.t.Fatalf("%s opens a service: %+v\n%s", string(h.c.Etat), x, h.historique())
		case x.Etat == opco.HabRefusee && h.c.PurgeLe.IsZero() && (x.Motif == "" || x.Phrase == ""):
			h.t.Fatalf("refused without a reason: %+v", x)
		case x.Etat == opco.HabAValider && (x.Limite == "" || !opco.CompteOuvert(h.c.Etat)):
			h.t.Fatalf("a task without its délai, or on a closed account: %+v", x)
		}
	}
	if !slices.IsSortedFunc(h.c.Echeances, func(x, y opco.Echeance) int { return x.Le.Compare(y.Le) }) || len(h.c.Echeances) > 0 && h.c.Echeances[0].Le.Before(h.le) {
		h.t.Fatalf("échéances at %s: %+v", h.le, h.c.Echeances)
	}
	if !h.c.PurgeLe.IsZero() && (h.c.Nom != "" || h.c.Email != "" || h.c.Etat != opco.CompteClos || len(h.c.Echeances) > 0) {
		h.t.Fatalf("purged: %+v", h.c)
	}
}

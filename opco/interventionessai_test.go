package opco_test

import (
	"strings"
	"testing"
	"time"

	"guichet/opco"
)

var due = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)

// vivant is an object whose procedure follows; each case changes a part of it.
func vivant(changer func(*opco.Releve)) opco.Releve {
	r := opco.Releve{Base: opco.ReleveBase{Existe: true, Etat: "EN_INSTRUCTION", Rang: 4, Echeance: due, Due: due},
		Moteur: opco.ReleveMoteur{Run: "r1", Ouverte: true, Repond: true, Rang: 4, Echeance: due}}
	if changer != nil {
		changer(&r)
	}
	return r
}

func envoi(s *opco.Releve) {
	s.Moteur.Activites = []opco.ReleveActivite{{ID: "7", Nom: "Envoyer", Essais: 3, Delai: time.Minute}}
}

func entreDeux(r *opco.Releve) { r.Base.Etat = "EMIS" }

func pli(etat string) func(*opco.Releve) {
	return func(r *opco.Releve) { r.Pli = &opco.ReleveCourriel{Etat: etat, Essais: 2, EnvoyeLe: due} }
}

func TestAVerbAppliesOrSaysWhyNot(t *testing.T) {
	for _, c := range []struct {
		nom   string
		verbe opco.Verbe
		r     opco.Releve
		oui   bool
	}{
		{"nothing waits", opco.VerbeRelancer, vivant(nil), false},
		{"an acte waits", opco.VerbeRelancer, vivant(func(r *opco.Releve) { r.Base.Attendent = 1 }), true},
		{"an échéance has passed", opco.VerbeRelancer, vivant(func(r *opco.Releve) { r.Base.Passee = true }), true},
		{"a step fails", opco.VerbeRelancer, vivant(func(r *opco.Releve) { r.Moteur.Essais = 5 }), true},
		{"the procedure is gone", opco.VerbeRelancer, vivant(func(r *opco.Releve) { r.Moteur = opco.ReleveMoteur{} }), true},
		{"a deed fails, nothing was received", opco.VerbeRelancer, vivant(envoi), false},
		{"a deed fails, an acte waits", opco.VerbeRelancer, vivant(func(r *opco.Releve) { envoi(r); r.Base.Attendent = 1 }), true},
		{"a lot between two series of tries", opco.VerbeRelancer, vivant(entreDeux), false},
		{"a lot between two series of tries", opco.VerbeReessayer, vivant(entreDeux), false},
		{"closed for good", opco.VerbeRelancer, vivant(func(r *opco.Releve) { r.Base.Final, r.Base.Passee = true, true }), false},
		{"closed, an acte came late", opco.VerbeRelancer, vivant(func(r *opco.Releve) { r.Base.Final, r.Base.Attendent = true, 1 }), true},
		{"not in the base", opco.VerbeRelancer, opco.Releve{}, false},
		{"armed", opco.VerbeRearmer, vivant(nil), false},
		{"no échéance", opco.VerbeRearmer, vivant(func(r *opco.Releve) { r.Base.Due = time.Time{} }), false},
		{"the base lost it", opco.VerbeRearmer, vivant(func(r *opco.Releve) { r.Base.Echeance = time.Time{} }), true},
		{"the procedure has another", opco.VerbeRearmer, vivant(func(r *opco.Releve) { r.Moteur.Echeance = due.Add(time.Hour) }), true},
		{"back, with a history", opco.VerbeRevenir, vivant(nil), true},
		{"back, forgotten", opco.VerbeRevenir, vivant(func(r *opco.Releve) { r.Moteur = opco.ReleveMoteur{} }), false},
		{"it follows", opco.VerbeRehydrater, vivant(nil), false},
		{"stopped by hand", opco.VerbeRehydrater, vivant(func(r *opco.Releve) { r.Moteur = opco.ReleveMoteur{Run: "r1", Statut: "Terminated"} }), true},
		{"it cannot say", opco.VerbeRehydrater, vivant(func(r *opco.Releve) { r.Moteur.Repond = false }), true},
		{"it is behind", opco.VerbeRehydrater, vivant(func(r *opco.Releve) { r.Moteur.Rang = 3 }), true},
		{"no deed", opco.VerbeReessayer, vivant(nil), false},
		{"a deed fails", opco.VerbeReessayer, vivant(envoi), true},
		{"to suspend", opco.VerbeSuspendre, vivant(envoi), true},
		{"not suspended", opco.VerbeReprendre, vivant(envoi), false},
		{"suspended", opco.VerbeSuspendre, vivant(func(r *opco.Releve) { envoi(r); r.Moteur.Activites[0].Suspendue = true }), false},
		{"no such mail", opco.VerbeRenvoyer, vivant(nil), false},
		{"a mail that waits", opco.VerbeRenvoyer, vivant(pli("A_ENVOYER")), true},
		{"a refused mail", opco.VerbeRenvoyer, vivant(pli("REFUSE")), true},
		{"without an address", opco.VerbeRenvoyer, vivant(pli("SANS_ADRESSE")), false},
		{"its secret is forgotten", opco.VerbeRenvoyer, vivant(func(r *opco.Releve) { pli("REFUSE")(r); r.Pli.Secret = true }), false},
		{"its secret is there", opco.VerbeRenvoyer, vivant(func(r *opco.Releve) { pli("A_ENVOYER")(r); r.Pli.Secret = true }), true},
		{"given up", opco.VerbePasser, vivant(pli("ECARTE")), false},
		{"gone", opco.VerbePasser, vivant(pli("ENVOYE")), false},
		{"to give up", opco.VerbePasser, vivant(pli("REFUSE")), true},
	} {
		phrase, err := opco.Intervention{Verbe: c.verbe, Etape: "instruction"}.Essayer(c.r)
		if (err == nil) != c.oui || (err == nil) == (phrase == "") || err != nil && opco.KindOf(err) == "" {
			t.Errorf("%s, %s: « %s », %v", c.verbe, c.nom, phrase, err)
		}
	}
}

// A success is told only of what was read again.
func TestWhatIsReadAgainDecides(t *testing.T) {
	autre := func(r *opco.Releve) { r.Moteur.Run = "r2" }
	attend := vivant(func(r *opco.Releve) { r.Base.Attendent = 2 })
	for _, c := range []struct {
		nom          string
		i            opco.Intervention
		avant, apres opco.Releve
		veut         opco.Constatation
	}{
		{"the actes wait still", opco.Intervention{Verbe: opco.VerbeRelancer}, attend, attend, opco.ConstateAttend},
		{"they are applied", opco.Intervention{Verbe: opco.VerbeRelancer}, attend, vivant(func(r *opco.Releve) { r.Base.Rang = 6 }), opco.ConstateVerifie},
		{"the échéance is late still", opco.Intervention{Verbe: opco.VerbeRelancer}, attend, vivant(func(r *opco.Releve) { r.Base.Passee = true }), opco.ConstateAttend},
		{"it was gone, it does not answer yet", opco.Intervention{Verbe: opco.VerbeRelancer}, vivant(func(r *opco.Releve) { r.Moteur = opco.ReleveMoteur{} }),
			vivant(func(r *opco.Releve) { r.Moteur.Repond = false }), opco.ConstateAttend},
		{"it was gone, it follows", opco.Intervention{Verbe: opco.VerbeRelancer}, vivant(func(r *opco.Releve) { r.Moteur = opco.ReleveMoteur{} }), vivant(autre), opco.ConstateVerifie},
		{"the series ended before the suspension", opco.Intervention{Verbe: opco.VerbeSuspendre}, vivant(envoi), vivant(entreDeux), opco.ConstateSansEffet},
		{"the same run", opco.Intervention{Verbe: opco.VerbeRehydrater}, vivant(nil), vivant(nil), opco.ConstateAttend},
		{"another, that follows", opco.Intervention{Verbe: opco.VerbeRehydrater}, vivant(nil), vivant(autre), opco.ConstateVerifie},
		{"another, behind the journal", opco.Intervention{Verbe: opco.VerbeRehydrater}, vivant(nil), vivant(func(r *opco.Releve) { autre(r); r.Moteur.Rang = 2 }), opco.ConstateAttend},
		{"another, that does not answer", opco.Intervention{Verbe: opco.VerbeRevenir}, vivant(nil), vivant(func(r *opco.Releve) { autre(r); r.Moteur.Repond = false }), opco.ConstateAttend},
		{"armed in the base alone", opco.Intervention{Verbe: opco.VerbeRearmer}, vivant(nil), vivant(func(r *opco.Releve) { r.Moteur.Echeance = time.Time{} }), opco.ConstateAttend},
		{"armed", opco.Intervention{Verbe: opco.VerbeRearmer}, vivant(nil), vivant(nil), opco.ConstateVerifie},
		{"the deed fails still", opco.Intervention{Verbe: opco.VerbeReessayer}, vivant(envoi), vivant(envoi), opco.ConstateAttend},
		{"the deed is done", opco.Intervention{Verbe: opco.VerbeReessayer}, vivant(envoi), vivant(func(r *opco.Releve) { r.Base.Rang = 5 }), opco.ConstateVerifie},
		{"the deed was done first", opco.Intervention{Verbe: opco.VerbeSuspendre}, vivant(envoi), vivant(func(r *opco.Releve) { r.Base.Rang = 5 }), opco.ConstateSansEffet},
		{"suspended", opco.Intervention{Verbe: opco.VerbeSuspendre}, vivant(envoi), vivant(func(r *opco.Releve) { envoi(r); r.Moteur.Activites[0].Suspendue = true }), opco.ConstateVerifie},
		{"it goes on", opco.Intervention{Verbe: opco.VerbeReprendre}, vivant(envoi), vivant(envoi), opco.ConstateVerifie},
		{"another délai", opco.Intervention{Verbe: opco.VerbeAllonger, Delai: 5 * time.Minute}, vivant(envoi), vivant(envoi), opco.ConstateAttend},
		{"that délai", opco.Intervention{Verbe: opco.VerbeAllonger, Delai: time.Minute}, vivant(envoi), vivant(envoi), opco.ConstateVerifie},
		{"the mail waits", opco.Intervention{Verbe: opco.VerbeRenvoyer}, vivant(pli("REFUSE")), vivant(pli("A_ENVOYER")), opco.ConstateAttend},
		{"refused again", opco.Intervention{Verbe: opco.VerbeRenvoyer}, vivant(pli("REFUSE")), vivant(pli("REFUSE")), opco.ConstateSansEffet},
		{"the sending of before", opco.Intervention{Verbe: opco.VerbeRenvoyer}, vivant(pli("ENVOYE")), vivant(pli("ENVOYE")), opco.ConstateAttend},
		{"sent", opco.Intervention{Verbe: opco.VerbeRenvoyer}, vivant(pli("ENVOYE")), vivant(func(r *opco.Releve) { pli("ENVOYE")(r); r.Pli.EnvoyeLe = due.Add(time.Minute) }), opco.ConstateVerifie},
		{"given up", opco.Intervention{Verbe: opco.VerbePasser}, vivant(pli("REFUSE")), vivant(pli("ECARTE")), opco.ConstateVerifie},
		{"it had left", opco.Intervention{Verbe: opco.VerbePasser}, vivant(pli("A_ENVOYER")), vivant(pli("ENVOYE")), opco.ConstateSansEffet},
	} {
		if a, phrase := c.i.Constater(c.avant, c.apres); a != c.veut || phrase == "" {
			t.Errorf("%s, %s: %s « %s », expected %s", c.i.Verbe, c.nom, a, phrase, c.veut)
		}
	}
}

// What the server accepted is sent again only to who names it and wants a second one. Those of a cause are
// listed from cases that stay open a while after the mail has left.
func TestAMailThatLeftIsSentTwiceOnlyToWhoWantsIt(t *testing.T) {
	for _, c := range []struct {
		etat string
		i    opco.Intervention
		oui  bool
	}{
		{"ENVOYE", opco.Intervention{}, false},
		{"ENVOYE", opco.Intervention{Cause: "panne"}, false},
		{"ENVOYE", opco.Intervention{NouvelID: true}, true},
		{"ENVOYE", opco.Intervention{NouvelID: true, Cause: "panne"}, false},
		{"A_ENVOYER", opco.Intervention{Cause: "panne"}, true},
		{"REFUSE", opco.Intervention{NouvelID: true, Cause: "panne"}, true},
		{"ECARTE", opco.Intervention{Cause: "panne"}, true},
	} {
		c.i.Verbe = opco.VerbeRenvoyer
		if phrase, err := c.i.Essayer(vivant(pli(c.etat))); (err == nil) != c.oui || err != nil && opco.KindOf(err) != opco.Conflict {
			t.Errorf("%s, %+v: « %s », %v", c.etat, c.i, phrase, err)
		}
	}
}

// What a lot that has its file to hand over still waits for is said, whatever was read meanwhile: it is never called done.
func TestALotThatHasADeedToDoIsNotSaidToWaitForNothing(t *testing.T) {
	emis := func(f func(*opco.Releve)) opco.Releve {
		return vivant(func(r *opco.Releve) { r.Base.Etat = "EMIS"; f(r) })
	}
	relancer := opco.Intervention{Verbe: opco.VerbeRelancer}
	avant := emis(func(r *opco.Releve) { r.Base.Attendent = 1 })
	for nom, tt := range map[string]struct {
		apres opco.Releve
		dit   string
	}{
		"the deed fails": {emis(func(r *opco.Releve) { envoi(r); r.Base.Rang = 9 }), "Envoyer (essai 3)"},
		"it sleeps":      {emis(func(r *opco.Releve) { r.Base.Rang = 9 }), "échoue encore"},
		"it has left":    {vivant(func(r *opco.Releve) { r.Base.Etat, r.Base.Rang = "TRANSMIS", 9 }), "plus rien de reçu"},
	} {
		if a, phrase := relancer.Constater(avant, tt.apres); a != opco.ConstateVerifie || !strings.Contains(phrase, tt.dit) {
			t.Errorf("%s: %s « %s », want « %s »", nom, a, phrase, tt.dit)
		}
	}
	if _, err := (opco.Intervention{Verbe: opco.VerbeRelancer}).Essayer(emis(envoi)); err == nil || !strings.Contains(err.Error(), "Envoyer (essai 3)") || !strings.Contains(err.Error(), "Réessayer") {
		t.Errorf("got %v: it says neither what is awaited nor what tries it", err)
	}
}

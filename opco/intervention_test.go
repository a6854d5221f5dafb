package opco_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"guichet/opco"
)

func TestEachVerbSaysWhatItDoes(t *testing.T) {
	vues := map[string]bool{}
	for _, v := range opco.Verbes() {
		if v.Libelle() == "" || v.Promet() == "" || v.Cible() == "" || v.Commande() == "" {
			t.Errorf("%s: %q, %q, %q, %q", v, v.Libelle(), v.Promet(), v.Cible(), v.Commande())
		}
		for _, nom := range []string{v.Libelle(), v.Commande()} {
			if vues[nom] {
				t.Errorf("two verbs are called « %s »", nom)
			}
			vues[nom] = true
		}
		nom, _ := v.Interrupteur()
		if (nom != "") != (v.Cible() == opco.CibleMaison && v != opco.VerbeTenirPartis) {
			t.Errorf("%s moves « %s » and bears on %s", v, nom, v.Cible())
		}
		if !slices.Contains(opco.VerbesDe(v.Cible()), v) {
			t.Errorf("%s is not among the verbs of %s", v, v.Cible())
		}
	}
	if opco.Verbe("DECIDER").Libelle() != "" {
		t.Error("a verb that does not exist has a name")
	}
}

// Whatever may have money leave needs a second person; whatever holds it back needs one alone.
func TestWhatConcernsMoney(t *testing.T) {
	seuls := map[opco.Verbe]bool{opco.VerbeSuspendre: true, opco.VerbeArreterPaiements: true, opco.VerbeArreterCourriels: true, opco.VerbeRouvrirCourriels: true,
		opco.VerbePasser: true, opco.VerbeRenvoyer: true, opco.VerbeReconstruire: true}
	for _, v := range opco.Verbes() {
		if v.Argent("dossier/1", "lot/L-1") == seuls[v] {
			t.Errorf("%s on a lot: money %v", v, !seuls[v])
		}
		if v != opco.VerbeRouvrirPaiements && v != opco.VerbeTenirPartis && v.Argent("dossier/1", "compte/2", "indu/3") {
			t.Errorf("%s on dossiers alone asks for a second person", v)
		}
	}
}

func TestAnInterventionIsRefusedWithoutWhatItNeeds(t *testing.T) {
	long := strings.Repeat("a", 501)
	for _, c := range []struct {
		champ string
		i     opco.Intervention
	}{
		{"verbe", opco.Intervention{Motif: "coupure du réseau"}},
		{"verbe", opco.Intervention{Verbe: "DECIDER", Motif: "coupure du réseau"}},
		{"motif", opco.Intervention{Verbe: opco.VerbeRelancer}},
		{"motif", opco.Intervention{Verbe: opco.VerbeRelancer, Motif: "        ok     "}},
		{"motif", opco.Intervention{Verbe: opco.VerbeRelancer, Motif: long}},
		{"etape", opco.Intervention{Verbe: opco.VerbeRevenir, Motif: "coupure du réseau"}},
		{"delai", opco.Intervention{Verbe: opco.VerbeAllonger, Motif: "coupure du réseau"}},
		{"delai", opco.Intervention{Verbe: opco.VerbeAllonger, Motif: "coupure du réseau", Delai: 2 * time.Hour}},
		{"cause", opco.Intervention{Verbe: opco.VerbeArreterPaiements, Motif: "coupure du réseau", Cause: "abc"}},
	} {
		_, err := c.i.Accepter()
		var o *opco.Error
		if !asError(err, &o) || o.Champ != c.champ {
			t.Errorf("%+v: %v, expected a fault on %s", c.i, err, c.champ)
		}
	}
	x, err := opco.Intervention{Verbe: opco.VerbeRelancer, Motif: " coupure du réseau ", Etape: "règlement", Delai: time.Hour, NouvelID: true}.Accepter()
	if err != nil || x != (opco.Intervention{Verbe: opco.VerbeRelancer, Motif: "coupure du réseau"}) {
		t.Errorf("kept %+v, %v: what the verb does not use is dropped", x, err)
	}
}

func asError(err error, o **opco.Error) bool {
	e, ok := err.(*opco.Error) //nolint:errorlint // what Accepter returns itself
	*o = e
	return ok
}

// The verbs offered for a cause bear on what its incidents are.
func TestTheVerbsOfACauseBearOnIt(t *testing.T) {
	for _, c := range opco.Causes() {
		for _, v := range opco.VerbesCause(c) {
			switch {
			case v.Cible() == opco.CibleMaison, (v.Cible() == opco.CibleCourriel) != (c.Nature == opco.IncidentCourriel):
				t.Errorf("%+v offers %s", c, v)
			case v.Cible() == opco.CibleActivite && c.Nature != opco.IncidentActivite:
				t.Errorf("%+v offers %s", c, v)
			}
		}
	}
	if vs := opco.VerbesCause(opco.Cause{Nature: opco.IncidentBanque, Activite: opco.ActiviteBanque}); len(vs) > 0 {
		t.Errorf("a mute bank offers %v: nothing is ever sent again blindly", vs)
	}
	if a := opco.CourrielDe("courrier/x-1-accord"); a != "x-1-accord" || opco.CourrielDe("Record") != "" {
		t.Errorf("the mail of an incident is %q", a)
	}
}

package opco_test

import (
	"slices"
	"strings"
	"testing"

	"guichet/opco"
)

// What can be written again is, whether or not its journal shows the fault; the rest is refused, with who acts.
func TestWhatIsReadIsWrittenAgainOrSaysWhoActs(t *testing.T) {
	for _, c := range []struct {
		nom      string
		verbe    opco.Verbe
		base     opco.ReleveBase
		applique bool
		dit      string
	}{
		{"its journal shows the fault", opco.VerbeReconstruire, opco.ReleveBase{Genre: "dossier", Discorde: true}, true, "récrit"},
		{"only a verification sees it", opco.VerbeReconstruire, opco.ReleveBase{Genre: "dossier"}, true, "récrit"},
		{"a closed dossier", opco.VerbeReconstruire, opco.ReleveBase{Genre: "dossier", Final: true}, true, "récrit"},
		{"the content is wrong too", opco.VerbeReconstruire, opco.ReleveBase{Genre: "dossier", Discorde: true, Contredit: "Reprenez-le d’une sauvegarde."}, false, "sauvegarde"},
		{"a lot", opco.VerbeReconstruire, opco.ReleveBase{Genre: "lot"}, false, "comptable"},
		{"an indu", opco.VerbeReconstruire, opco.ReleveBase{Genre: "indu"}, false, "comptable"},
		{"an account", opco.VerbeReconstruire, opco.ReleveBase{Genre: "compte"}, false, "administrateur"},
		{"a counter", opco.VerbeReconstruire, opco.ReleveBase{Genre: opco.GenreCompteur, Discorde: true}, true, "recompté"},
		{"a counter that is right", opco.VerbeReconstruire, opco.ReleveBase{Genre: opco.GenreCompteur}, false, "rien à recompter"},
		{"a counter has no procedure", opco.VerbeRehydrater, opco.ReleveBase{Genre: opco.GenreCompteur, Discorde: true}, false, "Reconstruire"},
		{"a counter has no échéance", opco.VerbeRearmer, opco.ReleveBase{Genre: opco.GenreCompteur, Discorde: true}, false, "Reconstruire"},
		{"a counter has no inbox", opco.VerbeRelancer, opco.ReleveBase{Genre: opco.GenreCompteur, Discorde: true}, false, "Reconstruire"},
		{"a counter waits for nothing", opco.VerbeReessayer, opco.ReleveBase{Genre: opco.GenreCompteur, Discorde: true}, false, "Reconstruire"},
	} {
		c.base.Existe = true
		phrase, err := opco.Intervention{Verbe: c.verbe}.Essayer(opco.Releve{Base: c.base})
		if err != nil {
			phrase = err.Error()
		}
		if (err == nil) != c.applique || !strings.Contains(phrase, c.dit) {
			t.Errorf("%s: « %s », %v", c.nom, phrase, err)
		}
	}
}

// A case offers what its object has a use for, and to write again only where that mends it.
func TestTheVerbsOfACaseFitItsObject(t *testing.T) {
	divergence := opco.Incident{Activite: opco.ActiviteDivergence + "/I15", Erreur: "x"}.Cause()
	for _, c := range []struct {
		objet, activite string
		veut            []opco.Verbe
	}{
		{"dossier/x", "divergence/I15", []opco.Verbe{opco.VerbeReconstruire, opco.VerbeRehydrater, opco.VerbeRearmer}},
		{"dossier/x", "divergence/lecture", []opco.Verbe{opco.VerbeReconstruire, opco.VerbeRehydrater, opco.VerbeRearmer}},
		{"dossier/x", "divergence/I2", []opco.Verbe{opco.VerbeRehydrater, opco.VerbeRearmer}},
		{"lot/x", "divergence/I15", []opco.Verbe{opco.VerbeRehydrater, opco.VerbeRearmer}},
		{"compteur/*/TRANSMISE", "divergence/I37", []opco.Verbe{opco.VerbeReconstruire}},
	} {
		if vs := opco.VerbesCas(divergence, c.objet, c.activite); !slices.Equal(vs, c.veut) {
			t.Errorf("%s, %s: got %v, expected %v", c.objet, c.activite, vs, c.veut)
		}
	}
	courriel := opco.Incident{Activite: "courrier/x", Erreur: "x"}.Cause()
	if vs := opco.VerbesCas(courriel, "dossier/x", "courrier/x"); !slices.Equal(vs, opco.VerbesCause(courriel)) {
		t.Errorf("a mail: got %v", vs)
	}
}

package opco_test

import (
	"slices"
	"testing"
	"time"

	"guichet/opco"
)

// demandeEtapes is a demande of which every step is right.
func demandeEtapes() opco.Demande {
	return opco.Demande{Etablissement: "99900101900010", Intitule: "Anglais", Nature: opco.NatureFormation, Duree: 21 * 60, Debut: "2026-06-08", Fin: "2026-06-10", Subrogation: true,
		Organisme:  opco.OrganismeDemande{SIRET: "99900136500017", Nom: "Formalia", NDA: "11756099975", Adresse: "1 rue", CodePostal: "75012", Ville: "Paris"},
		Lignes:     []opco.LigneDemandee{{Ligne: opco.LignePeda, Montant: 202_000}, {Ligne: opco.LigneRemuneration, Montant: 55_713}},
		Stagiaires: []opco.Stagiaire{{ID: "s1", Nom: "Delacroix", Prenom: "Anaïs", Heures: 21 * 60, SalaireHoraire: 2_653}}}
}

// TestEachStepHasItsFaults: a fault is told at the step where it is mended, and step
// Envoi has them all.
func TestEachStepHasItsFaults(t *testing.T) {
	tests := []struct {
		name    string
		changer func(*opco.Demande)
		etape   opco.EtapeDemande
		champ   string
	}{
		{"no title", func(d *opco.Demande) { d.Intitule = "" }, opco.EtapeFormation, "intitule"},
		{"no address (AK-24)", func(d *opco.Demande) { d.Organisme.Adresse = "" }, opco.EtapeFormation, "organisme.adresse"},
		{"nobody said who pays (AK-23)", func(d *opco.Demande) { d.Subrogation = false }, opco.EtapeFormation, "subrogation"},
		{"nothing asked", func(d *opco.Demande) { d.Lignes, d.Stagiaires[0].SalaireHoraire = nil, 0 }, opco.EtapeFormation, "lignes"},
		{"a kind of organisme that is none", func(d *opco.Demande) { d.Organisme.Type = "ZOO" }, opco.EtapeFormation, "organisme.type"},
		{"divers without a word", func(d *opco.Demande) {
			d.Lignes = append(d.Lignes, opco.LigneDemandee{Ligne: opco.LigneDivers, Montant: 5})
		}, opco.EtapeFormation, "lignes[2].detail"},
		{"a negative amount", func(d *opco.Demande) { d.Lignes[1].Montant = -1 }, opco.EtapeFormation, "lignes[1].montant"},
		{"a module without a title", func(d *opco.Demande) { d.Modules = []opco.Module{{Duree: 60}} }, opco.EtapeModules, "modules[0].intitule"},
		{"modules dearer than the price", func(d *opco.Demande) {
			d.Modules = []opco.Module{{Intitule: "A", Duree: 60, Montant: 999_999}}
		}, opco.EtapeModules, "modules"},
		{"nobody", func(d *opco.Demande) { d.Stagiaires, d.Lignes = nil, d.Lignes[:1] }, opco.EtapeSalaries, "stagiaires"},
		{"no hours", func(d *opco.Demande) { d.Stagiaires[0].Heures = 0 }, opco.EtapeSalaries, "stagiaires[0].heures"},
		{"wages that the stagiaires do not make", func(d *opco.Demande) { d.Lignes[1].Montant = 60_000 }, opco.EtapeSalaries, "lignes[1].montant"},
		{"a share of what is not asked", func(d *opco.Demande) { d.Stagiaires[0].Transport = 500 }, opco.EtapeSalaries, "lignes"},
	}
	if errs := demandeEtapes().ValiderEtape(opco.EtapeEnvoi); len(errs) > 0 {
		t.Fatalf("the right demande has faults: %v", errs)
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := demandeEtapes()
			tt.changer(&d)
			for _, e := range opco.EtapesDemande() {
				a := slices.ContainsFunc(d.ValiderEtape(e), func(x *opco.Error) bool { return x.Champ == tt.champ })
				if veut := e == tt.etape || e == opco.EtapeEnvoi; a != veut {
					t.Errorf("step %s: told %t, want %t (%v)", e, a, veut, d.ValiderEtape(e))
				}
			}
		})
	}
}

// TestWhoPaysIsSaid: oui, non and nothing are three answers, and read again as they were
// written; a formation interne has nobody to pay, and a program's word is subrogation.
func TestWhoPaysIsSaid(t *testing.T) {
	for dit, veut := range map[string]struct{ direct, rembourse, faute bool }{"oui": {true, false, false}, "non": {false, true, false}, "": {false, false, true}} {
		d := demandeEtapes()
		if err := d.Poser("subrogation", dit); err != nil {
			t.Fatal(err)
		}
		faute := slices.ContainsFunc(d.ValiderEtape(opco.EtapeFormation), func(x *opco.Error) bool { return x.Champ == "subrogation" })
		if d.Subrogation != veut.direct || d.Rembourse != veut.rembourse || faute != veut.faute || d.Saisie("subrogation") != dit {
			t.Errorf("%q: direct %t, rembourse %t, faute %t, read again %q", dit, d.Subrogation, d.Rembourse, faute, d.Saisie("subrogation"))
		}
		if errs := d.Valider(); len(errs) > 0 {
			t.Errorf("%q: the Envoi of a program has faults: %v", dit, errs)
		}
	}
	d := demandeEtapes()
	d.Subrogation = false
	if c := d.Copie(); !c.Rembourse {
		t.Error("the copy of what was reimbursed does not say who pays")
	}
	d.Interne, d.Organisme = true, opco.OrganismeDemande{}
	if errs := d.ValiderEtape(opco.EtapeFormation); len(errs) > 0 {
		t.Errorf("formation interne: %v", errs)
	}
}

// TestStepsFollow: the modules come only when there are some (AK-28).
func TestStepsFollow(t *testing.T) {
	d := demandeEtapes()
	if e := d.EtapeSuivante(opco.EtapeFormation); e != opco.EtapeSalaries {
		t.Errorf("after Formation: %s", e)
	}
	d.Modules = []opco.Module{{}}
	if e := d.EtapeSuivante(opco.EtapeFormation); e != opco.EtapeModules {
		t.Errorf("after Formation with modules: %s", e)
	}
	if a, b := d.EtapeSuivante(opco.EtapeModules), d.EtapeSuivante(opco.EtapeSalaries); a != opco.EtapeSalaries || b != opco.EtapeEnvoi {
		t.Errorf("then %s, %s", a, b)
	}
}

// TestAmountsFollowTheStagiaires: aligned, the demande has no fault left between steps.
func TestAmountsFollowTheStagiaires(t *testing.T) {
	d := demandeEtapes()
	d.Lignes[1].Montant, d.Stagiaires[0].Transport = 1, 8_840
	avant := slices.Clone(d.Lignes)
	a := d.Alignee()
	if m := a.Montant(opco.LigneRemuneration); m != 55_713 {
		t.Errorf("wages are %s", m)
	}
	if m := a.Montant(opco.LigneTransport); m != 8_840 {
		t.Errorf("travels are %s", m)
	}
	if a.Montant(opco.LignePeda) != 202_000 || len(a.Valider()) > 0 || !slices.Equal(avant, d.Lignes) {
		t.Errorf("aligned: %v, faults %v, the first one now %v", a.Lignes, a.Valider(), d.Lignes)
	}
}

// TestACopyKeepsThePeopleNotTheDays: nothing of the copy is shared with the demande.
func TestACopyKeepsThePeopleNotTheDays(t *testing.T) {
	d := demandeEtapes()
	d.ReferenceClient, d.Commentaire = "RH-1", "urgent"
	d.Stagiaires = append(d.Stagiaires, opco.Stagiaire{ID: "s2", Nom: "Parti", Prenom: "Luc", Retire: true})
	c := d.Copie()
	if c.Debut != "" || c.Fin != "" || c.ReferenceClient != "" || c.Commentaire != "" || len(c.Stagiaires) != 1 || c.Intitule != d.Intitule {
		t.Errorf("copied %+v", c)
	}
	c.Lignes[0].Montant, c.Stagiaires[0].Nom = 1, "Autre"
	if d.Lignes[0].Montant != 202_000 || d.Stagiaires[0].Nom != "Delacroix" {
		t.Error("the copy writes on the demande")
	}
}

// TestTheMomentOfTheSending: strictly before 00:00 Paris of the first day; thirty days
// are advised.
func TestTheMomentOfTheSending(t *testing.T) {
	p := opco.ParametresDefaut()
	paris := func(s string) time.Time {
		x, err := time.ParseInLocation("2006-01-02 15:04", s, opco.Paris)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	for _, tt := range []struct {
		le          string
		tard, juste bool
		jours       int
	}{
		{"2026-06-07 23:59", false, true, 1}, {"2026-06-08 00:00", true, false, 0}, {"2026-05-09 10:00", false, false, 30}, {"2026-05-10 10:00", false, true, 29}, {"2026-07-01 10:00", true, false, -23},
	} {
		m := p.MomentDepot(paris(tt.le), "2026-06-08")
		if m.Tard != tt.tard || m.Juste != tt.juste || m.Jours != tt.jours || m.Limite != "2026-06-07" {
			t.Errorf("at %s: %+v", tt.le, m)
		}
	}
}

// TestFieldsAreTyped: each field is read as a person types it and shown as they would;
// what cannot be read changes nothing.
func TestFieldsAreTyped(t *testing.T) {
	tests := []struct{ champ, tape, montre, refuse string }{
		{"organisme.siret", "999 001 365 00017", "999 001 365 00017", "99900136500018"},
		{"organisme.nda", "11756099975", "11 75 60999 75", "12"},
		{"organisme.code_postal", " 75012 ", "75012", "7501"},
		{"organisme.type", "CFA", "CFA", "cfa?"},
		{"duree", "21,50", "21,50", "vingt"},
		{"duree", "7 h 20", "7 h 20", "0"},
		{"debut", "2026-06-08", "2026-06-08", "8 juin"},
		{"nature", "VAE", "VAE", "YOGA"},
		{"interne", "oui", "oui", "peut-être"},
		{"lignes.REPAS", "1 234,5", "1 234,50", "12,345"},
		{"lignes.DIVERS.detail", "une salle", "une salle", "\x00"},
		{"stagiaires.0.heures", "14", "14,00", "-1"},
		{"stagiaires.0.repas", "3", "3", "3,5"},
		{"stagiaires.0.salaire_horaire", "26,53", "26,53", "abc"},
		{"modules.0.montant", "12", "12,00", "1e9"},
	}
	for _, tt := range tests {
		d := demandeEtapes()
		d.Modules = []opco.Module{{}}
		if err := d.Poser(tt.champ, tt.tape); err != nil {
			t.Errorf("%s: %q is refused: %v", tt.champ, tt.tape, err)
		}
		montre := d.Saisie(tt.champ)
		if sansInsecables(montre) != tt.montre {
			t.Errorf("%s: shows %q, want %q", tt.champ, montre, tt.montre)
		}
		if err := d.Poser(tt.champ, montre); err != nil || d.Saisie(tt.champ) != montre {
			t.Errorf("%s: what it shows is not read again: %v", tt.champ, err)
		}
		if err := d.Poser(tt.champ, tt.refuse); opco.KindOf(err) != opco.Invalid || d.Saisie(tt.champ) != montre {
			t.Errorf("%s: %q gave %v and %q", tt.champ, tt.refuse, err, d.Saisie(tt.champ))
		}
		if err := d.Poser(tt.champ, ""); err != nil || d.Saisie(tt.champ) != "" {
			t.Errorf("%s: emptied, it is %q (%v)", tt.champ, d.Saisie(tt.champ), err)
		}
	}
	d := demandeEtapes()
	for _, champ := range []string{"", "x", "stagiaires.9.nom", "stagiaires.-1.nom", "lignes.X", "lignes.PEDA.x", "organisme", "stagiaires.0.id"} {
		if err := d.Poser(champ, "a"); opco.KindOf(err) != opco.NotFound || d.Saisie(champ) != "" {
			t.Errorf("%q is taken for a field: %v", champ, err)
		}
	}
}

func sansInsecables(s string) string {
	return string(slices.Collect(func(yield func(rune) bool) {
		for _, r := range s {
			if r == '\u00a0' {
				r = ' '
			}
			if !yield(r) {
				return
			}
		}
	}))
}

// TestPathsOfTheForm names a field as the page does.
func TestPathsOfTheForm(t *testing.T) {
	d := demandeEtapes()
	for champ, veut := range map[string]string{"lignes[1].montant": "lignes.REMUNERATION", "lignes[0].detail": "lignes.PEDA.detail", "stagiaires[0].nom": "stagiaires.0.nom",
		"modules": "modules", "organisme.siret": "organisme.siret", "lignes[9].montant": "lignes.9.montant"} {
		if got := d.CheminDeFormulaire(champ); got != veut {
			t.Errorf("%s: %s, want %s", champ, got, veut)
		}
	}
}

// TestSalaries: who may be kept, and why not.
func TestSalaries(t *testing.T) {
	bon := opco.Salarie{Nom: "Delacroix", Prenom: "Anaïs", NeLe: "1988-05-02", CSP: opco.CSPCadre, Contrat: opco.ContratCDI, Etablissement: "99900101900010"}
	for _, tt := range []struct {
		name    string
		changer func(*opco.Salarie)
		champ   string
	}{
		{"right", func(*opco.Salarie) {}, ""},
		{"no name", func(s *opco.Salarie) { s.Nom = " " }, "nom"},
		{"no birth", func(s *opco.Salarie) { s.NeLe = "" }, "ne_le"},
		{"born tomorrow", func(s *opco.Salarie) { s.NeLe = "2026-06-12" }, "ne_le"},
		{"born in 1850", func(s *opco.Salarie) { s.NeLe = "1850-01-01" }, "ne_le"},
		{"a category that is none", func(s *opco.Salarie) { s.CSP = "ROI" }, "csp"},
		{"a contract that is none", func(s *opco.Salarie) { s.Contrat = "ROI" }, "contrat"},
		{"no établissement", func(s *opco.Salarie) { s.Etablissement = "" }, "etablissement"},
		{"a wrong SIRET", func(s *opco.Salarie) { s.Etablissement = "99900101900011" }, "etablissement"},
	} {
		s := bon
		tt.changer(&s)
		errs := s.Normalise().Valider("2026-06-11")
		if tt.champ == "" && len(errs) > 0 || tt.champ != "" && (len(errs) != 1 || errs[0].Champ != tt.champ) {
			t.Errorf("%s: %v", tt.name, errs)
		}
	}
	if a, b := bon, (opco.Salarie{Nom: "DELACROIX", Prenom: "Anais"}); a.Cle() != b.Cle() {
		t.Errorf("%q and %q are one name", a.Cle(), b.Cle())
	}
}

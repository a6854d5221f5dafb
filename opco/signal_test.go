package opco

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// dossierSignale is a dossier without any sign, and its facts.
func dossierSignale() (*Dossier, FaitsDossierSignaux) {
	d := &Dossier{ID: "d", Numero: "26-000001", IDCC: "1486", Effectif: 7, DeposeLe: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), Etat: EtatEnReglement,
		Decision: &Decision{Accorde: 120_000},
		Demande: Demande{Etablissement: "99900101900010", Organisme: OrganismeDemande{SIRET: "99900136500017"}, Nature: NatureFormation, Subrogation: true,
			Debut: "2026-04-13", Fin: "2026-04-14", Lignes: []LigneDemandee{{Ligne: LignePeda, Montant: 120_000}},
			Stagiaires: []Stagiaire{{ID: "1", Nom: "A", Prenom: "A", Heures: 840}, {ID: "2", Nom: "B", Prenom: "B", Heures: 840}, {ID: "3", Nom: "C", Prenom: "C", Heures: 840}}}}
	f := FaitsDossierSignaux{Faits: Faits{Le: time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC), Parametres: ParametresDefaut(),
		Organisme: &Organisme{SIREN: "999001365", Nom: "Formalia Synthèse", NDA: "11756099975", NDAActive: true, IBAN: "FR7699999000150010020035594",
			Qualiopi: []Qualiopi{{Nature: NatureFormation, Du: "2024-01-01"}}}}}
	return d, f
}

// Each sign of domain.md 3.11 comes with its figure, on its threshold and not before.
func TestSignauxDossier(t *testing.T) {
	tests := []struct {
		name string
		avec func(d *Dossier, f *FaitsDossierSignaux)
		code string // "": none
		dit  string
	}{
		{"nothing strange", func(*Dossier, *FaitsDossierSignaux) {}, "", ""},
		{"a shared account", func(_ *Dossier, f *FaitsDossierSignaux) { f.IBANPartages = []string{"École Les Tilleuls"} }, SignalIBANPartage, "École Les Tilleuls"},
		{"an account abroad", func(_ *Dossier, f *FaitsDossierSignaux) { f.Organisme.IBAN = "BE68539007547034" }, SignalIBANEtrange, "(BE)"},
		{"an account changed 29 days ago", func(_ *Dossier, f *FaitsDossierSignaux) { f.CompteChangeLe = "2026-04-05" }, SignalIBANChange, "5 avril 2026"},
		{"an account changed 30 days ago", func(_ *Dossier, f *FaitsDossierSignaux) { f.CompteChangeLe = "2026-04-04" }, "", ""},
		{"a certificate seen", func(_ *Dossier, f *FaitsDossierSignaux) { f.Certificats = []string{"26-000009"} }, SignalCertificat, "l’autre dossier 26-000009"},
		{"one company is the other", func(d *Dossier, f *FaitsDossierSignaux) { d.Demande.Organisme.SIRET = "99900101900028" }, SignalMemeSIREN, "999 001 019"},
		{"one address", func(_ *Dossier, f *FaitsDossierSignaux) { f.Adresse = "1 rue du Lac, 64000 Pau" }, SignalAdresse, "1 rue du Lac"},
		{"one telephone", func(_ *Dossier, f *FaitsDossierSignaux) { f.Contact = "05 59 00 00 00" }, SignalContact, "05 59"},
		{"suspended", func(_ *Dossier, f *FaitsDossierSignaux) { f.Organisme.Suspendu = true }, SignalOrganisme, "Formalia Synthèse"},
		{"no declaration any more", func(_ *Dossier, f *FaitsDossierSignaux) { f.Organisme.NDAActive = false }, SignalOrganisme, "déclaration d’activité"},
		{"Qualiopi lost on the second day", func(_ *Dossier, f *FaitsDossierSignaux) { f.Organisme.Qualiopi[0].Au = "2026-04-13" }, SignalQualiopi, "14 avril 2026"},
		{"Qualiopi lost after", func(_ *Dossier, f *FaitsDossierSignaux) { f.Organisme.Qualiopi[0].Au = "2026-04-14" }, "", ""},
		{"a certificate of five months", func(_ *Dossier, f *FaitsDossierSignaux) { f.Organisme.Qualiopi[0].Du = "2025-10-01" }, SignalNouveau, "1er octobre 2025"},
		{"a certificate of six months", func(_ *Dossier, f *FaitsDossierSignaux) { f.Organisme.Qualiopi[0].Du = "2025-09-02" }, "", ""},
		{"thrice the volume and one more", func(_ *Dossier, f *FaitsDossierSignaux) { f.Recents, f.Avant = 13, 24 }, SignalVolume, "13 dossiers en 30 jours"},
		{"thrice the volume", func(_ *Dossier, f *FaitsDossierSignaux) { f.Recents, f.Avant = 12, 24 }, "", ""},
		{"a large part of little", func(_ *Dossier, f *FaitsDossierSignaux) { f.Recents, f.Avant = 9, 0 }, "", ""},
		{"in two places", func(_ *Dossier, f *FaitsDossierSignaux) {
			f.Chevauchements = []Chevauchement{{Stagiaire: "1", Dossier: "26-000002", Du: "2026-04-13", Au: "2026-04-17"}}
		}, SignalDeuxLieux, "26-000002"},
		{"the same list elsewhere", func(_ *Dossier, f *FaitsDossierSignaux) {
			f.Listes = []ListeRepetee{{Dossier: "26-000003", Entreprise: "Propreté Azur", Nombre: 3}}
		}, SignalListe, "Propreté Azur"},
		{"more trainees than employees", func(d *Dossier, _ *FaitsDossierSignaux) { d.Effectif = 2 }, SignalEffectif, "3 stagiaires"},
		{"as many trainees as employees", func(d *Dossier, _ *FaitsDossierSignaux) { d.Effectif = 3 }, "", ""},
		{"days of more than ten hours", func(d *Dossier, _ *FaitsDossierSignaux) { d.Demande.Stagiaires[0].Heures = 1201 }, SignalHeuresJour, "2 jours"},
		{"days of ten hours", func(d *Dossier, _ *FaitsDossierSignaux) { d.Demande.Stagiaires[0].Heures = 1200 }, "", ""},
		{"the double of the branch and more", func(_ *Dossier, f *FaitsDossierSignaux) { f.PrixNombre, f.PrixMedian = 20, 1428 }, SignalPrixBranche, "28,57"},
		{"the double of the branch", func(_ *Dossier, f *FaitsDossierSignaux) { f.PrixNombre, f.PrixMedian = 20, 1429 }, "", ""},
		{"a branch hardly known", func(_ *Dossier, f *FaitsDossierSignaux) { f.PrixNombre, f.PrixMedian = 19, 100 }, "", ""},
		{"sent the day before", func(d *Dossier, _ *FaitsDossierSignaux) { d.DeposeLe = time.Date(2026, 4, 12, 9, 0, 0, 0, time.UTC) }, SignalDepotVeille, "12 avril 2026"},
		{"sent at night", func(d *Dossier, _ *FaitsDossierSignaux) { d.DeposeLe = time.Date(2026, 3, 2, 2, 5, 0, 0, time.UTC) }, SignalDepotNuit, "3 h 05"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, f := dossierSignale()
			tt.avec(d, &f)
			ss := SignauxDossier(d, f)
			if tt.code == "" {
				if len(ss) > 0 {
					t.Fatalf("got %v, want no sign", ss)
				}
				return
			}
			if len(ss) != 1 || ss[0].Code != tt.code || ss[0].Points <= 0 || !strings.Contains(strings.ReplaceAll(ss[0].Texte, "\u00a0", " "), tt.dit) {
				t.Errorf("got %v, want one %s that says %q", ss, tt.code, tt.dit)
			}
			if TitreSignal(ss[0].Code) == "" || !slices.Contains(CodesSignal(), ss[0].Code) {
				t.Errorf("%s has no name", ss[0].Code)
			}
		})
	}
}

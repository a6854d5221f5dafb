package opco_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"guichet/opco"
)

func TestDepotTardif(t *testing.T) {
	utc := func(s string) time.Time {
		le, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return le
	}
	tests := []struct {
		le    string
		debut opco.Date
		want  bool
	}{
		{"2026-05-03T23:59:59+02:00", "2026-05-04", false},
		{"2026-05-04T00:00:00+02:00", "2026-05-04", true},
		{"2026-05-03T22:30:00Z", "2026-05-04", true},
		{"2026-05-03T21:59:59Z", "2026-05-04", false},
		{"2026-01-04T22:59:59Z", "2026-01-05", false},
		{"2026-01-04T23:00:00Z", "2026-01-05", true},
		{"2026-05-04T11:00:00+14:00", "2026-05-04", false}, // still 3 May in Paris
		{"2027-05-04T00:00:00Z", "2026-05-04", true},
	}
	for _, tt := range tests {
		if got := opco.DepotTardif(utc(tt.le), tt.debut); got != tt.want {
			t.Errorf("sent %s, start %s: got %v, want %v", tt.le, tt.debut, got, tt.want)
		}
	}
}

func TestInstruireNamesEighteenChecks(t *testing.T) {
	c := cas01()
	cs := opco.Instruire(c.d, c.f)
	if len(cs) != 18 || cs[0].Code != "C01" || cs[17].Code != "C18" {
		t.Fatalf("got %d checks", len(cs))
	}
	for _, x := range cs {
		if x.Resultat != opco.ResultatOK {
			t.Errorf("S01, %s: got %s « %s »", x.Code, x.Resultat, x.Phrase)
		}
		if x.Nom == "" || !strings.HasSuffix(x.Phrase, ".") {
			t.Errorf("%s: « %s » « %s » is not a name and a sentence", x.Code, x.Nom, x.Phrase)
		}
	}
	vide := opco.Instruire(&opco.Dossier{}, opco.Faits{})
	if len(vide) != 18 {
		t.Errorf("an empty dossier: got %d checks", len(vide))
	}
}

func TestInstructionChecks(t *testing.T) {
	tests := []struct {
		name     string
		code     string
		changer  func(*casInstruction)
		resultat opco.Resultat
		motif    opco.Motif
		preuve   string
	}{
		{"a company of another OPCO", "C01", func(c *casInstruction) { c.f.Entreprise.Adherente = false }, opco.ResultatBlock, opco.MotifEntrepriseNonRattachee, "1486"},
		{"an établissement of another company", "C01", func(c *casInstruction) { c.d.Demande.Etablissement = sirets62["E2"] }, opco.ResultatBlock, opco.MotifEntrepriseNonRattachee, "084"},
		{"contribution not paid", "C02", func(c *casInstruction) { c.f.Entreprise.AJour = false }, opco.ResultatWarn, "", "non à jour"},
		{"no barème", "C03", func(c *casInstruction) { c.f.Bareme = nil }, opco.ResultatBlock, opco.MotifActionNonEligible, "7 salariés"},
		{"the size is that of the dépôt", "C03", func(c *casInstruction) { c.f.Entreprise.Effectif = 60 }, opco.ResultatOK, "", "7 salariés"},
		{"sent on the day of the start", "C04", func(c *casInstruction) { c.d.DeposeLe = opco.Date("2026-04-13").Minuit() }, opco.ResultatBlock, opco.MotifDepotTardif, "00:00:00"},
		{"sent 29 days before", "C04", func(c *casInstruction) { c.d.DeposeLe = opco.Date("2026-03-15").Heure(9, 0) }, opco.ResultatWarn, "", "15/03/2026"},
		{"not sent yet", "C04", func(c *casInstruction) { c.d.DeposeLe = time.Time{} }, opco.ResultatAttendu, "", ""},
		{"another kind of action", "C05", func(c *casInstruction) { c.d.Demande.Nature = "APPRENTISSAGE" }, opco.ResultatBlock, opco.MotifActionNonEligible, "APPRENTISSAGE"},
		{"an excluded theme, accents aside", "C06", func(c *casInstruction) {
			c.f.Bareme.ThemesExclus = []string{"incendie", "Reunion"}
		}, opco.ResultatBlock, opco.MotifActionNonEligible, "Reunion"},
		{"a part of a word is not the theme", "C06", func(c *casInstruction) { c.f.Bareme.ThemesExclus = []string{"anime"} }, opco.ResultatOK, "", "1 thème"},
		{"an unknown organisme", "C07", func(c *casInstruction) { c.f.Organisme = nil }, opco.ResultatBlock, opco.MotifOFNonDeclare, "999 001 365"},
		{"the organisme found is another one", "C07", func(c *casInstruction) { c.f.Organisme.SIREN = sirets62["OF2"].SIREN() }, opco.ResultatBlock, opco.MotifOFNonDeclare, "999 001 365"},
		{"a suspended organisme", "C07", func(c *casInstruction) { c.f.Organisme.Suspendu = true }, opco.ResultatBlock, opco.MotifOFSuspendu, "Formalia"},
		{"a NDA no longer in force", "C07", func(c *casInstruction) { c.f.Organisme.NDAActive = false }, opco.ResultatBlock, opco.MotifOFNonDeclare, "11"},
		{"no Qualiopi", "C07", func(c *casInstruction) { c.f.Organisme.Qualiopi = nil }, opco.ResultatBlock, opco.MotifOFNonQualiopi, "aucun"},
		{"Qualiopi for another action", "C07", func(c *casInstruction) { c.f.Organisme.Qualiopi[0].Nature = opco.NatureVAE }, opco.ResultatBlock, opco.MotifOFNonQualiopi, "aucun"},
		{"Qualiopi after the dépôt", "C07", func(c *casInstruction) { c.f.Organisme.Qualiopi[0].Du = "2026-03-03" }, opco.ResultatBlock, opco.MotifOFNonQualiopi, "03/03/2026"},
		{"Qualiopi that ends the day before the end", "C07", func(c *casInstruction) { c.f.Organisme.Qualiopi[0].Au = "2026-04-13" }, opco.ResultatWarn, opco.MotifOFNonQualiopi, "13/04/2026"},
		{"Qualiopi that ends the last day", "C07", func(c *casInstruction) { c.f.Organisme.Qualiopi[0].Au = "2026-04-14" }, opco.ResultatOK, "", ""},
		{"two certificates that follow each other", "C07", func(c *casInstruction) {
			c.f.Organisme.Qualiopi = []opco.Qualiopi{{Nature: opco.NatureFormation, Du: "2026-04-14"}, {Nature: opco.NatureFormation, Du: "2023-04-14", Au: "2026-04-13"}}
		}, opco.ResultatOK, "", "14/04/2026"},
		{"a NDA copied wrong", "C07", func(c *casInstruction) { c.d.Demande.Organisme.NDA = "84691234569" }, opco.ResultatWarn, "", "84"},
		{"formation interne", "C07", func(c *casInstruction) { c.d.Demande.Interne = true }, opco.ResultatSansObjet, "", ""},
		{"no programme", "C08", func(c *casInstruction) { c.d.Pieces = c.d.Pieces[1:] }, opco.ResultatBlock, opco.MotifPiecesManquantes, ""},
		{"a programme judged wrong", "C08", func(c *casInstruction) {
			c.d.Pieces[0].Etat, c.d.Pieces[0].Motif = opco.PieceNonConforme, opco.MotifProgrammeSansObjectifs
		}, opco.ResultatBlock, opco.MotifProgrammeInsuffisant, "Programme"},
		{"a programme to read", "C08", func(c *casInstruction) { c.d.Pieces[0].Etat = opco.PieceRecue }, opco.ResultatAttendu, "", "Programme"},
		{"no convention, no devis", "C09", func(c *casInstruction) { c.d.Pieces = c.d.Pieces[:1] }, opco.ResultatBlock, opco.MotifPiecesManquantes, ""},
		{"a devis for a convention", "C09", func(c *casInstruction) { c.d.Pieces[1].Type = opco.PieceDevis }, opco.ResultatOK, "", ""},
		{"11 hours a day", "C10", func(c *casInstruction) { c.d.Demande.Stagiaires[0].Heures = 22 * 60 }, opco.ResultatWarn, "", "22"},
		{"25 hours a day", "C10", func(c *casInstruction) { c.d.Demande.Stagiaires[0].Heures = 50 * 60 }, opco.ResultatBlock, opco.MotifFormatNonEligible, "50"},
		{"more trainees than employees", "C10", func(c *casInstruction) { c.d.Effectif = 1 }, opco.ResultatWarn, "", "1 salarié"},
		{"a start on a Sunday", "C10", func(c *casInstruction) { c.d.Demande.Debut = "2026-04-12" }, opco.ResultatWarn, "", "3 jours"},
		{"fifteen years old", "C11", func(c *casInstruction) { c.d.Demande.Stagiaires[1].NeLe = "2010-04-14" }, opco.ResultatBlock, opco.MotifPublicNonEligible, "14/04/2010"},
		{"sixteen on the day", "C11", func(c *casInstruction) { c.d.Demande.Stagiaires[1].NeLe = "2010-04-13" }, opco.ResultatOK, "", ""},
		{"above the hourly ceiling", "C12", func(c *casInstruction) { c.d.Demande.Lignes[0].Montant = 1_540_01 }, opco.ResultatWarn, opco.MotifPlafondHoraire, "1 540,01"},
		{"at the hourly ceiling", "C12", func(c *casInstruction) { c.d.Demande.Lignes[0].Montant = 1_540_00 }, opco.ResultatOK, "", "1 540,00"},
		{"an envelope that falls short", "C13", func(c *casInstruction) { c.f.Fonds[0].Disponible = 1_199_99 }, opco.ResultatWarn, opco.MotifPlafondAnnuel, "1 199,99"},
		{"an empty envelope", "C13", func(c *casInstruction) { c.f.Fonds[0].Disponible = 0 }, opco.ResultatBlock, opco.MotifEnveloppeEpuisee, "2026"},
		{"one line out of the barème", "C14", func(c *casInstruction) {
			c.d.Demande.Lignes = append(c.d.Demande.Lignes, opco.LigneDemandee{Ligne: opco.LigneIngenierie, Montant: 50_00})
		}, opco.ResultatWarn, opco.MotifCoutNonEligible, "50,00"},
		{"no line of the barème", "C14", func(c *casInstruction) { c.d.Demande.Lignes[0].Ligne = opco.LigneTuteur }, opco.ResultatBlock, opco.MotifCoutNonEligible, "1 200,00"},
		{"trained elsewhere on the very same dates", "C15", func(c *casInstruction) {
			c.f.Chevauchements = []opco.Chevauchement{{Stagiaire: "s1", Dossier: "26.A.00007.1", Du: "2026-04-13", Au: "2026-04-14"}}
		}, opco.ResultatBlock, opco.MotifDoubleFinancement, "26.A.00007.1"},
		{"trained elsewhere on dates that cross", "C15", func(c *casInstruction) {
			c.f.Chevauchements = []opco.Chevauchement{{Stagiaire: "s1", Dossier: "26.A.00007.1", Du: "2026-04-13", Au: "2026-04-15"}}
		}, opco.ResultatWarn, opco.MotifDoubleFinancement, "15/04/2026"},
		{"asked twice", "C16", func(c *casInstruction) { c.f.Doublons = []string{"26.A.00008.1"} }, opco.ResultatBlock, opco.MotifDossierDoublon, "26.A.00008.1"},
		{"paiement direct closed", "C17", func(c *casInstruction) { c.f.Organisme.SubrogationAutorisee = false }, opco.ResultatBlock, "", "Formalia"},
		{"remboursement", "C17", func(c *casInstruction) { c.d.Demande.Subrogation = false }, opco.ResultatSansObjet, "", ""},
		{"a shared IBAN", "C18", func(c *casInstruction) { c.f.IBANPartages = []string{"École Les Tilleuls"} }, opco.ResultatWarn, "", "60 points"},
		{"small signs stay below", "C18", func(c *casInstruction) { c.d.DeposeLe = opco.Date("2026-04-12").Heure(23, 30) }, opco.ResultatOK, "", "20 points"},
		{"small signs add up", "C18", func(c *casInstruction) {
			c.d.Effectif, c.d.DeposeLe = 1, opco.Date("2026-04-12").Heure(23, 30)
		}, opco.ResultatWarn, "", "50 points"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := cas01()
			tt.changer(&c)
			x := c.controle(t, tt.code)
			preuve := strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(x.Preuve)
			if x.Resultat != tt.resultat || x.Motif != tt.motif || !strings.Contains(preuve, tt.preuve) {
				t.Errorf("got %s %q « %s » (%s), want %s %q « %s »", x.Resultat, x.Motif, preuve, x.Phrase, tt.resultat, tt.motif, tt.preuve)
			}
			if !strings.HasSuffix(x.Phrase, ".") {
				t.Errorf("« %s » is not a sentence", x.Phrase)
			}
			if x.Resultat == opco.ResultatBlock && x.Motif != "" && !x.Motif.Pour(opco.UsageRefus) {
				t.Errorf("%s blocks for %s, which can refuse nothing", x.Code, x.Motif)
			}
		})
	}
}

func TestS07OnlyQualiopiBlocks(t *testing.T) {
	c := cas07()
	var codes []string
	for _, x := range opco.Instruire(c.d, c.f) {
		if x.Resultat == opco.ResultatBlock {
			codes = append(codes, x.Code)
		}
	}
	if !slices.Equal(codes, []string{opco.ControleQualiopi}) {
		t.Errorf("got %v, want C07 alone", codes)
	}
}

package opco

import (
	"strings"
	"testing"
)

// TestTuiles: the best right of a tile speaks for it, and a tile is shown before
// its approval, but limited (MA-80 to MA-83).
func TestTuiles(t *testing.T) {
	const siege, annexe = SIRET("99900101900010"), SIRET("99900101900028")
	droit := func(profil Role, siret SIRET, s Service, e EtatHabilitation) Habilitation {
		return Habilitation{Profil: profil, SIRET: siret, Service: s, Etat: e}
	}
	mandat := droit(RoleEntreprise, siege, ServiceDossiers, HabAccordee)
	mandat.Du, mandat.Au = "2026-05-01", "2026-05-31"
	for _, tt := range []struct {
		nom    string
		droits []Habilitation
		jour   Date
		code   string
		etat   EtatTuile
		sirets int
		phrase string
	}{
		{"never asked, other service asked", []Habilitation{droit(RoleEntreprise, siege, ServiceDossiers, HabAValider)}, "2026-05-20", "COLLECTE", TuileAbsente, 0, "ajoutant une entité"},
		{"an organisme sees nothing of a company", []Habilitation{droit(RoleOrganisme, siege, ServicePaiements, HabDemandee)}, "2026-05-20", "COLLECTE", "", 0, ""},
		{"waits for the adviser", []Habilitation{droit(RoleEntreprise, siege, ServiceDossiers, HabAValider)}, "2026-05-20", "ESPACE_ENTREPRISE", TuileLimitee, 0, "Vous n’avez rien à faire"},
		{"one granted of two", []Habilitation{droit(RoleEntreprise, siege, ServiceContributions, HabAccordee),
			droit(RoleEntreprise, annexe, ServiceContributions, HabRefusee)}, "2026-05-20", "COLLECTE", TuileOuverte, 1, "est ouvert"},
		{"a question before the rest", []Habilitation{droit(RoleEntreprise, siege, ServiceDossiers, HabRefusee),
			droit(RoleEntreprise, annexe, ServiceDossiers, HabPrecision)}, "2026-05-20", "ESPACE_ENTREPRISE", TuileLimitee, 0, "précision"},
		{"first click of an organisme", []Habilitation{droit(RoleOrganisme, siege, ServicePaiements, HabDemandee)}, "2026-05-20", "ESPACE_ORGANISME", TuileAOuvrir, 0, "une première fois"},
		{"the day before a mandate", []Habilitation{mandat}, "2026-04-30", "ESPACE_ENTREPRISE", TuileLimitee, 0, "s’ouvre le"},
		{"the last day of a mandate", []Habilitation{mandat}, "2026-05-31", "ESPACE_ENTREPRISE", TuileOuverte, 1, "inclus"},
		{"the day after", []Habilitation{mandat}, "2026-06-01", "ESPACE_ENTREPRISE", TuileFermee, 0, "s’est terminé"},
		{"withdrawn", []Habilitation{droit(RoleEntreprise, siege, ServiceCertif, HabRetiree)}, "2026-05-20", "SALARIES", TuileFermee, 0, "retiré"},
		{"nothing at all", nil, "2026-05-20", "ESPACE_ENTREPRISE", "", 0, ""},
		{"mon compte is always there", nil, "2026-05-20", "MON_COMPTE", TuileOuverte, 0, "Vos informations"},
		{"help is always there", nil, "2026-05-20", "AIDE", TuileOuverte, 0, "téléphone"},
	} {
		c := Compte{Habilitations: tt.droits}
		var vue Tuile
		for _, x := range c.Tuiles(tt.jour) {
			if x.Code == tt.code {
				vue = x
			}
		}
		if vue.Etat != tt.etat || len(vue.SIRETs) != tt.sirets || !strings.Contains(vue.Phrase, tt.phrase) {
			t.Errorf("%s: got %s %v %q, want %s, %d établissements, %q", tt.nom, vue.Etat, vue.SIRETs, vue.Phrase, tt.etat, tt.sirets, tt.phrase)
		}
	}
}

// TestMotsDesDroits: each état of a right has its words and says what comes next.
func TestMotsDesDroits(t *testing.T) {
	for _, e := range EtatsHabilitation() {
		for _, p := range []Role{RoleEntreprise, RoleOrganisme} {
			if s := (Habilitation{Profil: p, Etat: e}).Ensuite("2026-05-20"); !strings.HasSuffix(s, ".") || e.Libelle() == "" {
				t.Errorf("%s: %q, %q", e, e.Libelle(), s)
			}
		}
	}
}

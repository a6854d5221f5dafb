package opco_test

import (
	"slices"
	"strings"
	"testing"

	"guichet/opco"
)

// MA-20 to MA-56, field by field: each fault is told on its own field, all at once.
func TestValiderInscription(t *testing.T) {
	tests := []struct {
		nom    string
		change func(*opco.ChargeInscrire)
		champs []string
	}{
		{"as it should be", func(*opco.ChargeInscrire) {}, nil},
		{"MA-20, MA-21 no profile", func(c *opco.ChargeInscrire) { c.Blocs = nil }, []string{"blocs"}},
		{"MA-20 a profile of the staff", func(c *opco.ChargeInscrire) { c.Blocs[0].Profil = opco.RoleAdmin }, []string{"blocs[0].profil"}},
		{"MA-22 no branch", func(c *opco.ChargeInscrire) { c.Blocs[0].Branche = "" }, []string{"blocs[0].branche"}},
		{"MA-22 no such branch", func(c *opco.ChargeInscrire) { c.Blocs[0].Branche = "9999" }, []string{"blocs[0].branche"}},
		{"MA-22 a branch written otherwise", func(c *opco.ChargeInscrire) { c.Blocs[0].Branche = "438" }, []string{"blocs[0].branche"}},
		{"MA-23 no service", func(c *opco.ChargeInscrire) { c.Blocs[0].Services = nil }, []string{"blocs[0].services"}},
		{"MA-23 a service of the other profile", func(c *opco.ChargeInscrire) { c.Blocs[0].Services = []opco.Service{opco.ServicePaiements} }, []string{"blocs[0].services"}},
		{"MA-23 twice", func(c *opco.ChargeInscrire) {
			c.Blocs[0].Services = []opco.Service{opco.ServiceDossiers, opco.ServiceDossiers}
		}, []string{"blocs[0].services"}},
		{"MA-25", func(c *opco.ChargeInscrire) { c.Blocs[0].CodeAdherent = " " }, []string{"blocs[0].code_adherent"}},
		{"MA-26 none", func(c *opco.ChargeInscrire) { c.Blocs[0].MasseSalariale = 0 }, []string{"blocs[0].masse_salariale"}},
		{"MA-26 negative", func(c *opco.ChargeInscrire) { c.Blocs[0].MasseSalariale = -100 }, []string{"blocs[0].masse_salariale"}},
		{"MA-26 cents", func(c *opco.ChargeInscrire) { c.Blocs[0].MasseSalariale = 31_248_050 }, []string{"blocs[0].masse_salariale"}},
		{"MA-26 too much", func(c *opco.ChargeInscrire) { c.Blocs[0].MasseSalariale = opco.MontantMax + 100 }, []string{"blocs[0].masse_salariale"}},
		{"MA-27", func(c *opco.ChargeInscrire) { c.Blocs[0].Responsable = "" }, []string{"blocs[0].responsable"}},
		{"MA-28 none", func(c *opco.ChargeInscrire) { c.Blocs[0].Etablissements = nil }, []string{"blocs[0].etablissements"}},
		{"MA-28 wrong digit", func(c *opco.ChargeInscrire) { c.Blocs[0].Etablissements[1].SIRET = "99900101900029" }, []string{"blocs[0].etablissements[1].siret"}},
		{"MA-28 empty", func(c *opco.ChargeInscrire) { c.Blocs[0].Etablissements[0].SIRET = "" }, []string{"blocs[0].etablissements[0].siret"}},
		{"MA-29", func(c *opco.ChargeInscrire) { c.Blocs[0].Etablissements[0].Fonction = "" }, []string{"blocs[0].etablissements[0].fonction"}},
		{"MA-30 letters", func(c *opco.ChargeInscrire) { c.Blocs[0].Etablissements[0].Telephone = "poste B" }, []string{"blocs[0].etablissements[0].telephone"}},
		{"MA-31 the same twice", func(c *opco.ChargeInscrire) { c.Blocs[0].Etablissements[1].SIRET = siretE1 }, []string{"blocs[0].etablissements[1].siret"}},
		{"MA-31 the same twice, in two boxes", func(c *opco.ChargeInscrire) { c.Blocs = append(c.Blocs, blocE1()) },
			[]string{"blocs[1].etablissements[0].siret", "blocs[1].etablissements[1].siret"}},
		{"MA-31 too many", func(c *opco.ChargeInscrire) { c.Blocs[0].Etablissements = make([]opco.EtablissementVoulu, 51) }, []string{"blocs[0].etablissements"}},
		{"MA-32", func(c *opco.ChargeInscrire) { c.Blocs[0].Certifie = false }, []string{"blocs[0].certifie"}},
		{"MA-34 none", func(c *opco.ChargeInscrire) { c.Blocs = []opco.BlocDemande{blocOF1()}; c.Blocs[0].NDA = "" }, []string{"blocs[0].nda"}},
		{"MA-34 not a number", func(c *opco.ChargeInscrire) { c.Blocs = []opco.BlocDemande{blocOF1()}; c.Blocs[0].NDA = "123" }, []string{"blocs[0].nda"}},
		{"MA-37", func(c *opco.ChargeInscrire) { c.Blocs = []opco.BlocDemande{blocOF1()}; c.Blocs[0].FactureHT = 0 }, []string{"blocs[0].facture_ht"}},
		{"MA-50", func(c *opco.ChargeInscrire) { c.Identite.Civilite = "Dr" }, []string{"identite.civilite"}},
		{"MA-51", func(c *opco.ChargeInscrire) { c.Identite.Nom, c.Identite.Prenom = "", "..." }, []string{"identite.nom", "identite.prenom"}},
		{"MA-52", func(c *opco.ChargeInscrire) { c.Identite.Email = "paul" }, []string{"identite.email"}},
		{"MA-52 upper case", func(c *opco.ChargeInscrire) { c.Identite.Email = "Paul@sorbier.example" }, []string{"identite.email"}},
		{"MA-54", func(c *opco.ChargeInscrire) { c.Identite.Telephone = "12" }, []string{"identite.telephone"}},
		{"MA-55 tomorrow", func(c *opco.ChargeInscrire) { c.Identite.NeLe = "2026-06-02" }, []string{"identite.ne_le"}},
		{"MA-55 no such day", func(c *opco.ChargeInscrire) { c.Identite.NeLe = "2001-02-30" }, []string{"identite.ne_le"}},
		{"MA-56", func(c *opco.ChargeInscrire) { c.CGU = "" }, []string{"cgu"}},
		{"the portal of the staff", func(c *opco.ChargeInscrire) { c.Politique = opco.PolitiqueInterne }, []string{"politique"}},
		{"everything at once", func(c *opco.ChargeInscrire) {
			*c = opco.ChargeInscrire{Blocs: []opco.BlocDemande{{Profil: opco.RoleOrganisme}}}
		},
			[]string{"blocs[0].nda", "blocs[0].facture_ht", "blocs[0].services", "blocs[0].responsable", "blocs[0].etablissements", "blocs[0].certifie",
				"identite.civilite", "identite.nom", "identite.prenom", "identite.email", "cgu", "politique"}},
	}
	for _, tt := range tests {
		t.Run(tt.nom, func(t *testing.T) {
			c := inscription(blocE1())
			tt.change(&c)
			var champs []string
			for _, e := range c.Valider("2026-06-01") {
				champs = append(champs, e.Champ)
				if e.Kind != opco.Invalid || !strings.HasSuffix(e.Message, ".") || strings.Contains(e.Message, "'") {
					t.Errorf("%s: « %s »", e.Champ, e.Message)
				}
			}
			if !slices.Equal(champs, tt.champs) {
				t.Errorf("got %v, want %v", champs, tt.champs)
			}
			v := naitreCompte(t, "2026-06-01 10:00")
			if err := v.acte("2026-06-01 10:00", opco.ActeInscrire, demandeur, c); (err == nil) != (tt.champs == nil) {
				t.Errorf("inscrire: got %v", err)
			}
		})
	}
	c := inscription(blocE1())
	c.CGU = "v0"
	refuse(t, naitreCompte(t, "2026-06-01").acte("2026-06-01", opco.ActeInscrire, demandeur, c), opco.Invalid, "ont changé")
}

// AT-03: what an identifier may be.
func TestParseIdentifiant(t *testing.T) {
	tests := []struct{ saisie, want string }{
		{"pedagogie.nouvelle", "pedagogie.nouvelle"}, {" Pedagogie.Nouvelle ", "pedagogie.nouvelle"}, {"a_b-c@d.fr", "a_b-c@d.fr"}, {"abcd", "abcd"},
		{"abc", ""}, {strings.Repeat("a", 64), strings.Repeat("a", 64)}, {strings.Repeat("a", 65), ""}, {"élodie", ""}, {"a b c d", ""}, {"<script>", ""}, {"", ""},
	}
	for _, tt := range tests {
		got, err := opco.ParseIdentifiant(tt.saisie)
		if got != tt.want || (err == nil) != (tt.want != "") {
			t.Errorf("%q: got %q, %v", tt.saisie, got, err)
		}
	}
}

// A code reads the same however it is typed; a different one never does.
func TestEmpreinteCode(t *testing.T) {
	const want = "7K2M0R8AB1Q9"
	for _, s := range []string{"7K2M-0R8A-B1Q9", "7k2m0r8ab1q9", " 7K2M 0R8A BlQ9 ", "7K2M-OR8A-BIQ9", "7K2M–0r8a\u00a0b1q9"} {
		if got := opco.NormaliserCode(s); got != want || opco.EmpreinteCode(s) != opco.EmpreinteCode(want) {
			t.Errorf("%q: got %q", s, got)
		}
	}
	if opco.EmpreinteCode("7K2M-0R8A-B1Q8") == opco.EmpreinteCode(want) || len(opco.EmpreinteCode(want)) != 64 {
		t.Error("another code has the same hash")
	}
}

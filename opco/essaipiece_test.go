package opco_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"guichet/opco"
)

func acteEssai(t *testing.T, genre opco.TypeActe, charge any) opco.Acte {
	t.Helper()
	b, err := json.Marshal(charge)
	if err != nil {
		t.Fatal(err)
	}
	return opco.Acte{ID: "essai", Type: genre, Par: opco.Acteur{Personne: "p", Role: opco.RoleOrganisme}, Charge: b}
}

// TestEssayerCertificats: what is told before certificats leave is what the rules find
// once they are here, and nothing is kept.
func TestEssayerCertificats(t *testing.T) {
	for _, tt := range []struct {
		nom      string
		change   func(cs []opco.Certificat) []opco.Certificat
		manquent int
		payable  opco.Montant
		bloque   opco.Motif
		refus    bool
	}{
		{"both, as granted", func(cs []opco.Certificat) []opco.Certificat { return cs }, 0, 120000, "", false},
		{"one of two", func(cs []opco.Certificat) []opco.Certificat { return cs[:1] }, 1, 0, "", false},
		{"somebody else", func(cs []opco.Certificat) []opco.Certificat { cs[0].Nom, cs[0].Prenom = "Autre", "Nom"; return cs }, 1, 0, opco.MotifSFIdentite, false},
		{"half of the hours", func(cs []opco.Certificat) []opco.Certificat { cs[0].Heures = 7 * heure; return cs }, 0, 90000, "", false},
		{"none", func([]opco.Certificat) []opco.Certificat { return nil }, 0, 0, "", true},
		{"an end before its start", func(cs []opco.Certificat) []opco.Certificat { cs[0].Au = "2020-01-01"; return cs }, 0, 0, "", true},
	} {
		t.Run(tt.nom, func(t *testing.T) {
			d := deuxStagiaires()
			cs := d.Certificats
			d.Etat, d.Certificats = opco.EtatAttenteServiceFait, nil
			d = avecFacture(d, facture("N", pedaDe("Ana Ruiz", 14*heure, 60000), pedaDe("Boris Petit", 14*heure, 60000)))
			e, err := opco.EssayerCertificats(d, acteEssai(t, opco.ActeCertifier, opco.ChargeCertifier{Certificats: tt.change(cs)}), lesFaits())
			if len(d.Certificats) != 0 {
				t.Error("the dossier kept them")
			}
			if tt.refus {
				if err == nil {
					t.Errorf("got %+v, want a refusal", e)
				}
				return
			}
			if err != nil || e.Manquent != tt.manquent || e.Payable != tt.payable || len(e.Heures) != 2 {
				t.Errorf("got %+v (%v), want %d missing and %s payable", e, err, tt.manquent, tt.payable)
			}
			trouve := tt.bloque == ""
			for _, c := range e.Controles {
				if c.Resultat == opco.ResultatOK || c.Resultat == opco.ResultatAttendu {
					t.Errorf("%s is told, which passes", c.Code)
				}
				trouve = trouve || c.Motif == tt.bloque && c.Phrase != ""
			}
			if !trouve {
				t.Errorf("%s is not told: %+v", tt.bloque, e.Controles)
			}
		})
	}
}

// TestEssayerAvoir: what is told before an avoir leaves is what AppliquerAvoir makes of
// it, and nothing is kept.
func TestEssayerAvoir(t *testing.T) {
	for _, tt := range []struct {
		nom    string
		avoir  opco.Avoir
		veut   opco.EssaiAvoir
		refuse string // a piece of the sentence
	}{
		{"what is awaited", leAvoir("AV-7", 56000), opco.EssaiAvoir{Facture: "F9", Reste: 224000, Payable: 224000, Libere: true, EcheanceLe: "2026-06-03"}, ""},
		{"too small", leAvoir("AV-7", 55999), opco.EssaiAvoir{Facture: "F9", Reste: 224001, Payable: 224000, Attend: 1}, ""},
		{"the whole", leAvoir("AV-7", 280000), opco.EssaiAvoir{Facture: "F9", Annulee: true}, ""},
		{"more than the invoice", leAvoir("AV-7", 280001), opco.EssaiAvoir{}, "dépasse ce qui reste"},
		{"an invoice that is not here", opco.Avoir{ID: "a", Numero: "a", Facture: "F0", Montant: 1, Date: "2026-05-02"}, opco.EssaiAvoir{}, "Aucune facture"},
	} {
		t.Run(tt.nom, func(t *testing.T) {
			d := apresS09(t)
			e, err := opco.EssayerAvoir(d, acteEssai(t, opco.ActeDeposerAvoir, opco.ChargeAvoir{Avoir: tt.avoir}), plusTard())
			var refus *opco.Error
			if errors.As(err, &refus) != (tt.refuse != "") || refus != nil && !strings.Contains(refus.Message, tt.refuse) || e != tt.veut {
				t.Errorf("got %+v (%v), want %+v, %q", e, err, tt.veut, tt.refuse)
			}
			if len(d.Factures[0].Avoirs) != 0 {
				t.Error("the dossier kept it")
			}
		})
	}
}

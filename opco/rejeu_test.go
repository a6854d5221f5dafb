package opco_test

import (
	"strings"
	"testing"
	"time"

	"guichet/opco"
)

func TestEachClassOfDivergenceHasItsSentence(t *testing.T) {
	vues := map[string]bool{}
	for _, c := range opco.ClassesRejeu() {
		if l := c.Libelle(); l == "" || vues[l] || strings.HasSuffix(l, ".") {
			t.Errorf("%s: got libellé %q, want one of its own without a full stop", c, l)
		}
		vues[c.Libelle()] = true
	}
}

func TestTheVerdictOnAClass(t *testing.T) {
	rejeu := func(i opco.IssueRejeu) opco.Rejeu {
		return opco.Rejeu{Issue: i, Classe: opco.ClasseManque, Evenements: 10}
	}
	tests := []struct {
		name   string
		issues []opco.IssueRejeu
		tient  bool
		phrase string
	}{
		{"all replay", []opco.IssueRejeu{opco.RejeuDeterministe, opco.RejeuDeterministe}, true, "2 histoires"},
		{"one diverges among many", []opco.IssueRejeu{opco.RejeuDeterministe, opco.RejeuDivergent}, false, "Ne déployez pas"},
		{"a copy that does not read is not a pass", []opco.IssueRejeu{opco.RejeuIllisible}, false, "Ne déployez pas"},
		{"nothing to replay is said", []opco.IssueRejeu{opco.RejeuAbsent}, true, "Rien n’a été rejoué"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var b opco.BilanRejeux
			for _, i := range tt.issues {
				b.Ajouter(rejeu(i))
			}
			if b.Tient() != tt.tient || !strings.Contains(b.Phrase(), tt.phrase) || b.Faits != int64(len(tt.issues)) {
				t.Errorf("got %v, %q; want %v and %q", b.Tient(), b.Phrase(), tt.tient, tt.phrase)
			}
		})
	}
	var b opco.BilanRejeux
	for range 3 * opco.PremiersRejeux {
		b.Ajouter(rejeu(opco.RejeuDivergent))
	}
	if len(b.Premiers) != opco.PremiersRejeux || b.Classes[opco.ClasseManque] != 3*opco.PremiersRejeux {
		t.Errorf("got %d named, %v; want the first %d named and all counted", len(b.Premiers), b.Classes, opco.PremiersRejeux)
	}
}

// A journal is told étape by étape: what an acte changed is there, what a refusal asked
// for is not, and nobody is named.
func TestChronologie(t *testing.T) {
	le := time.Date(2026, 4, 13, 9, 0, 0, 0, time.UTC)
	e := opco.Echeance{Type: opco.ActeRelancer, Code: "relance_1", Le: le.Add(240 * time.Hour)}
	par := opco.Acteur{Personne: "p-1", Nom: "Rose Sorbier", Role: opco.RoleEntreprise}
	ps := []opco.Passage{
		{Rang: 1, Type: opco.ActeCreer, Vers: opco.EtatBrouillon, Le: le, Par: par, Verdict: opco.VerdictApplique},
		{Rang: 2, Type: opco.ActeDeposer, De: opco.EtatBrouillon, Vers: opco.EtatTransmise, Le: le, Par: par, Verdict: opco.VerdictApplique,
			Phrase: "Rose Sorbier a envoyé la demande.", Resume: opco.Resume{Demande: 120000, Echeances: []opco.Echeance{e}}},
		{Rang: 3, Type: opco.ActeDecider, De: opco.EtatTransmise, Vers: opco.EtatTransmise, Le: le, Verdict: opco.VerdictRefuse,
			Resume: opco.Resume{Demande: 999}},
		{Rang: 4, Type: opco.ActeDecider, De: opco.EtatTransmise, Vers: opco.EtatAccordee, Le: le, Verdict: opco.VerdictApplique,
			Resume: opco.Resume{Demande: 120000, Accorde: 100000, Factures: map[string]opco.EtatFacture{"f1": opco.FactureDeposee}}},
	}
	es := opco.Chronologie(ps)
	var vu strings.Builder
	for _, e := range es {
		vu.WriteString("[" + opco.NomEtat("dossier/x", e.Etat) + "]")
		for _, p := range e.Pas {
			vu.WriteString(" " + p.Acte + ":" + strings.Join(p.Changements, ";"))
			if p.Refuse {
				vu.WriteString("(refusé)")
			}
		}
		vu.WriteString("\n")
	}
	want := "[Nouvelle] la création d’un brouillon:\n" +
		"[Brouillon] l’envoi:demandé : 0,00 € → 1 200,00 €;échéance posée : relance 1, le 23/04/2026\n" +
		"[Transmise] la décision:(refusé) la décision:accordé : 0,00 € → 1 000,00 €;facture reçue : " + opco.FactureDeposee.String() + ";échéance levée : relance 1, le 23/04/2026\n" +
		"[Accordée]\n"
	got := strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(vu.String())
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if strings.Contains(vu.String(), "Rose") {
		t.Error("somebody is named")
	}
}

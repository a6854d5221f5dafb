package opco_test

import (
	"errors"
	"strings"
	"testing"

	"guichet/opco"
)

// The alerts of the OPCO's own délais say what is late, by how much, and leave with
// their étape: an alert of the pièces does not follow a dossier into instruction.
func TestAlertes(t *testing.T) {
	tests := []struct{ nom, depuis, jour, phrase string }{
		{"the pièces not looked at", "transmise", "2026-06-08 08:00", "depuis 5 jours ouvrés et pas encore examinée"},
		{"the second regard", "validation", "2026-06-08 08:00", "Second regard attendu depuis 2 jours ouvrés"},
		{"the target of the instruction", "instruction", "2026-06-15 08:00", "Sans décision depuis 10 jours ouvrés"},
		{"a draft that nobody sent", "brouillon", "2027-06-02 00:00", "Brouillon supprimé"},
	}
	for _, tt := range tests {
		t.Run(tt.nom, func(t *testing.T) {
			v := v0(t).par(tt.depuis)
			if got := v.d.Echeances[0].Le; !got.Equal(paris(t, tt.jour)) {
				t.Errorf("comes at %s, want %s", got.In(opco.Paris), tt.jour)
			}
			v.echoir()
			if !strings.Contains(v.derniers.Phrase, tt.phrase) {
				t.Errorf("got « %s », want « %s »", v.derniers.Phrase, tt.phrase)
			}
		})
	}
	v := v0(t).par("transmise")
	v.doit("2026-06-02 10:00", opco.ActeDemanderComplement, actGes, complement)
	for _, e := range v.d.Echeances {
		if e.Code == "completude" {
			t.Error("the pièces were looked at, and the alert stays")
		}
	}
}

// A dispute is reviewed every fifteen days until it ends (F06).
func TestLitigeRevu(t *testing.T) {
	v := v0(t).par("contrôle")
	v.doit("2026-07-28 10:00", opco.ActeMettreEnLitige, actGes, opco.ChargeRaison{Facture: "f1", Raison: "Tarif discuté.", Motif: opco.MotifPUErr})
	v.echoir()
	comparer(t, "échéances", v.echeances(), lignes("alerter litige_f1 2026-08-27 08:00 effet 2026-08-27"))
	v.doit("2026-08-20 10:00", opco.ActeRefuserFacture, actGes, opco.ChargeRaison{Facture: "f1", Raison: "Prix faux.", Motif: opco.MotifPUErr})
	if strings.Contains(strings.Join(v.echeances(), " "), "litige") {
		t.Errorf("the dispute is over and its review stays: %v", v.echeances())
	}
}

// A suspended invoice has its own relances to its issuer (F04), which end with its
// suspension.
func TestRelancesDUneFacture(t *testing.T) {
	v := v0(t).par("suspendue")
	v.echoir() // rappel of the pièces de fin
	for n := range 2 {
		v.echoir()
		comparer(t, "courriers", v.courriers(), lignes("FACTURE_SUSPENDUE organisme"))
		if got := v.derniers.Courriers[0]; got.Numero != n+1 || got.Facture != "f1" {
			t.Errorf("got relance %+v, want n° %d of f1", got, n+1)
		}
	}
	v = v0(t).par("suspendue")
	v.doit("2026-07-30 10:00", opco.ActeCertifier, actOF, v.certificats(14*heure))
	comparer(t, "échéances", v.echeances(), nil)
}

// What a responsable validates is what he read: when the envelope has moved and the
// outcome with it, the proposal goes back (T12, 5 bis).
func TestValiderCeQuiAEteLu(t *testing.T) {
	tests := []struct {
		nom     string
		propose opco.Montant
		validee opco.Montant
		refusee bool
		phrase  string
	}{
		{"nothing moved", 600_000, 600_000, false, ""},
		{"more money, the same outcome", 600_000, 700_000, false, ""},
		{"less money", 600_000, 50_000, true, "c’était un accord de 1 200,00 €, ce serait maintenant un accord de 500,00 € sur 1 200,00 €"},
		{"a refusal that would become an accord", 0, 600_000, true, "c’était un refus, ce serait maintenant un accord de 1 200,00 €"},
	}
	for _, tt := range tests {
		t.Run(tt.nom, func(t *testing.T) {
			v := v0(t)
			v.f.Parametres.SecondRegard = 100
			v.par("instruction")
			v.f.Fonds[0].Disponible = tt.propose
			v.doit("2026-06-04 10:00", opco.ActeDecider, actGes, opco.ChargeDecider{})
			v.f.Fonds[0].Disponible = tt.validee
			err := v.faire("2026-06-05 10:00", opco.ActeValider, actRes, nil)
			var e *opco.Error
			if !tt.refusee {
				if err != nil || v.d.Decision == nil {
					t.Errorf("got %v", err)
				}
				return
			}
			if !errors.As(err, &e) || e.Kind != opco.Conflict || e.Code != "PROPOSITION_CHANGEE" ||
				!strings.Contains(strings.ReplaceAll(e.Message, "\u00a0", " "), tt.phrase) {
				t.Errorf("got %v, want « %s »", err, tt.phrase)
			}
			v.doit("2026-06-05 11:00", opco.ActeRenvoyer, actRes, opco.ChargeRaison{Raison: "L’enveloppe a bougé."})
			comparer(t, "échéances", v.echeances(), lignes(alertes))
		})
	}
}

// A motif is taken from the list of its usage: the issuer reads it, and a rule of
// the OPCO stands behind it.
func TestMotifsDeLeurUsage(t *testing.T) {
	raison := func(m opco.Motif) opco.ChargeRaison {
		return opco.ChargeRaison{Facture: "f1", Raison: "Voir.", Motif: m}
	}
	demande := func(m opco.Motif) []opco.PieceDemandee {
		return []opco.PieceDemandee{{Type: opco.PieceProgramme, Motif: m}}
	}
	tests := []struct {
		nom, depuis, champ string
		acte               opco.TypeActe
		charge             any
	}{
		{"an unknown motif of complément", "transmise", "pieces[0].motif", opco.ActeDemanderComplement, opco.ChargeDemanderComplement{Pieces: demande("N_IMPORTE_QUOI")}},
		{"a motif of refusal for a pièce", "transmise", "pieces[0].motif", opco.ActeDemanderComplement, opco.ChargeDemanderComplement{Pieces: demande(opco.MotifDepotTardif)}},
		{"a motif of refusal for the service fait", "contrôle", "defauts[0].motif", opco.ActeDeclarerNonConforme, opco.ChargeNonConforme{Defauts: demande(opco.MotifDepotTardif)}},
		{"a rejection that machines alone make", "contrôle", "motif", opco.ActeRefuserFacture, raison(opco.MotifIrrSyntax)},
		{"a dispute on a duplicate", "contrôle", "motif", opco.ActeMettreEnLitige, raison(opco.MotifDoublon)},
	}
	for _, tt := range tests {
		t.Run(tt.nom, func(t *testing.T) {
			err := v0(t).par(tt.depuis).faire("2026-07-28 10:00", tt.acte, actGes, tt.charge)
			var e *opco.Error
			if !errors.As(err, &e) || e.Kind != opco.Invalid || e.Champ != tt.champ || !strings.Contains(e.Message, "de la liste") {
				t.Errorf("got %v, want an Invalid error on %s", err, tt.champ)
			}
		})
	}
}

// A pièce that is here does not let a dossier be classed sans suite, even when it
// answered the demande without an acte (T09).
func TestSansSuiteRegardeLesPieces(t *testing.T) {
	for _, tt := range []struct {
		nom  string
		le   string
		etat opco.EtatPiece
		want opco.Etat
	}{
		{"it came after the demande", "2026-06-20 10:00", opco.PieceRecue, opco.EtatEnInstruction},
		{"it was found wrong", "2026-06-20 10:00", opco.PieceNonConforme, opco.EtatSansSuite},
		{"it was there before", "2026-05-20 10:00", opco.PieceRecue, opco.EtatSansSuite},
	} {
		t.Run(tt.nom, func(t *testing.T) {
			v := v0(t).par("à compléter")
			for _, x := range jointes.Pieces {
				x.Etat, x.DeposeLe = tt.etat, paris(t, tt.le)
				v.d.Pieces = append(v.d.Pieces, x)
			}
			for v.d.Etat == opco.EtatACompleter {
				v.echoir()
			}
			v.etape(tt.want)
		})
	}
}

// A pièce that came by post is added by the gestionnaire (T07).
func TestPieceRecueParLaPoste(t *testing.T) {
	v := v0(t).par("à compléter")
	v.doit("2026-06-03 10:00", opco.ActeJoindre, actGes, jointes)
	v.etape(opco.EtatEnInstruction)
}

// The sentences of a refusal by the rôle and by the étape.
func TestPhrasesDAdmet(t *testing.T) {
	if err := opco.EtatEnReglement.Admet(opco.ActeDeposerAvoir, opco.RoleGestionnaire); err == nil || err.Error() != "Votre rôle ne permet pas le dépôt d’un avoir." {
		t.Errorf("got %v", err)
	}
	err := opco.EtatRefusee.Admet(opco.ActeDeposerAvoir, opco.RoleOrganisme)
	if err == nil || !strings.Contains(err.Error(), "le dépôt d’un avoir n’est pas possible à cette étape") {
		t.Errorf("got %v", err)
	}
	if err := v0(t).par("attente").d.Admet(opco.ActeJoindre, opco.RoleEntreprise); !errors.Is(err, opco.Conflict) {
		t.Errorf("nothing is awaited: got %v", err)
	}
}

// SF3 points at an invoice whose period is not the one certified.
func TestPeriodeFactureeEtCertifiee(t *testing.T) {
	for _, tt := range []struct {
		du, au opco.Date
		want   opco.Resultat
	}{{"2026-04-13", "2026-04-14", opco.ResultatOK}, {"2026-04-13", "2026-04-15", opco.ResultatWarn}, {"", "", opco.ResultatOK}} {
		f := facture("F1", peda(280000))
		f.Du, f.Au = tt.du, tt.au
		d := avecFacture(deuxPour35(35*heure, 35*heure), f)
		got := opco.ResultatOK
		for _, c := range resultats(opco.ControlerServiceFait(d, lesFaits()), "SF3") {
			if c.Resultat != opco.ResultatOK {
				got = c.Resultat
			}
		}
		if got != tt.want {
			t.Errorf("invoiced from %s to %s: got %s, want %s", tt.du, tt.au, got, tt.want)
		}
	}
}

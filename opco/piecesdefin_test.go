package opco_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"guichet/opco"
)

// enAttente is a dossier of two stagiaires, 35 h and 1 400,00 each, whose training
// has ended on 17 April 2026 and which waits for its pièces de fin.
func enAttente(t *testing.T) *vie {
	t.Helper()
	d := deuxPour35(-1, -1)
	d.Etat, d.Decision.DecidePar, d.Demande.Fin = opco.EtatAttenteServiceFait, actRes2, "2026-04-17"
	f := lesFaits()
	f.Calendrier = semaine{}
	return &vie{t: t, d: d, f: f}
}

// certifie is a certificat of the training of enAttente.
func certifie(id, prenom, nom string, h opco.Minutes, du, au opco.Date) opco.Certificat {
	c := certificat(prenom, nom, h)
	c.ID, c.Du, c.Au, c.SigneLe = id, du, au, au.Jours(1)
	return c
}

func envoyer(cs ...opco.Certificat) opco.ChargeCertifier {
	return opco.ChargeCertifier{Certificats: cs}
}

func envoiFacture(numero string, lignes ...opco.LigneFacture) opco.ChargeFacturer {
	return opco.ChargeFacturer{Facture: facture(numero, lignes...)}
}

var (
	ana   = certifie("ana", "Ana", "Ruiz", 35*heure, "2026-04-13", "2026-04-17")
	boris = certifie("boris", "Boris", "Petit", 35*heure, "2026-04-13", "2026-04-17")
)

// etatFactures writes « numéro état motif » for each invoice.
func (v *vie) etatFactures() []string {
	var s []string
	for _, f := range v.d.Factures {
		s = append(s, strings.TrimSpace(fmt.Sprintf("%s %s %s", f.Numero, string(f.Etat), f.Motif)))
	}
	return s
}

// The same hours are never counted twice: a corrected certificat takes the place
// of the one of the same person on the same days, or of the one that it names.
func TestCertifierRemplace(t *testing.T) {
	autreNom := certifie("faux", "Bernard", "Durand", 35*heure, "2026-04-13", "2026-04-17")
	autreAn := certifie("faux", "Boris", "Petit", 35*heure, "2025-04-13", "2025-04-17")
	corrige := boris
	corrige.Remplace = "faux"
	neLe := certifie("fils", "Boris", "Petit", 35*heure, "2026-04-13", "2026-04-17")
	neLe.NeLe = "2001-01-01"
	pere := boris
	pere.NeLe = "1970-01-01"
	tests := []struct {
		nom  string
		avec []opco.Certificat
		puis opco.Certificat
		want []string
	}{
		{"the same days", []opco.Certificat{ana, boris}, certifie("b2", "Boris", "Petit", 21*heure, "2026-04-13", "2026-04-17"), lignes("ana|b2")},
		{"a wrong end", []opco.Certificat{ana, certifie("b1", "Boris", "Petit", 21*heure, "2026-04-13", "2026-04-15")}, boris, lignes("ana|boris")},
		{"written otherwise", []opco.Certificat{ana, certifie("b1", "BORIS", "PÉTIT", 21*heure, "2026-04-14", "2026-04-15")}, boris, lignes("ana|boris")},
		{"a wrong name, named", []opco.Certificat{ana, autreNom}, corrige, lignes("ana|boris")},
		{"a wrong year, named", []opco.Certificat{ana, autreAn}, corrige, lignes("ana|boris")},
		{"two halves of one training", []opco.Certificat{certifie("b1", "Boris", "Petit", 14*heure, "2026-04-13", "2026-04-14")},
			certifie("b2", "Boris", "Petit", 21*heure, "2026-04-15", "2026-04-17"), lignes("b1|b2")},
		{"two people of one name", []opco.Certificat{pere}, neLe, lignes("boris|fils")},
	}
	for _, tt := range tests {
		t.Run(tt.nom, func(t *testing.T) {
			v := enAttente(t)
			v.doit("2026-04-20 09:00", opco.ActeCertifier, actOF, envoyer(tt.avec...))
			v.doit("2026-04-20 10:00", opco.ActeCertifier, actOF, envoyer(tt.puis))
			var got []string
			for _, c := range v.d.Certificats {
				got = append(got, c.ID)
			}
			comparer(t, "certificats", got, tt.want)
		})
	}
	v := enAttente(t)
	if err := v.faire("2026-04-20 09:00", opco.ActeCertifier, actOF, envoyer(corrige)); !errors.Is(err, opco.Invalid) {
		t.Errorf("a certificat that replaces an unknown one: got %v, want an Invalid error", err)
	}
}

// A certificat corrected after the first invoice pays the hours once.
func TestCertifierCorrigeNePaiePasDeuxFois(t *testing.T) {
	v := enAttente(t)
	v.doit("2026-04-20 09:00", opco.ActeCertifier, actOF, envoyer(ana, certifie("b1", "Boris", "Petit", 21*heure, "2026-04-13", "2026-04-15")))
	v.doit("2026-04-20 10:00", opco.ActeFacturer, actOF, envoiFacture("F1", peda(280000)))
	v.doit("2026-04-20 11:00", opco.ActeCertifier, actOF, envoyer(certifie("b2", "Boris", "Petit", 21*heure, "2026-04-13", "2026-04-17")))
	v.doit("2026-04-20 12:00", opco.ActeConstater, actGes, nil)
	if got := v.d.Factures[0].Approuve; got != 224000 {
		t.Errorf("got %s approved for 35 h and 21 h, want 2 240,00 €", got)
	}
}

// What comes for a suspended invoice makes it go on (T23, F05), with its 209 in the
// journal and its day; what does not suffice leaves the dossier non conforme, with
// the pièce asked for again.
func TestPiecesQuiReviennent(t *testing.T) {
	v := enAttente(t)
	nonSigne := boris
	nonSigne.ID, nonSigne.Signe = "b1", false
	v.doit("2026-04-20 09:00", opco.ActeCertifier, actOF, envoyer(ana, nonSigne))
	v.doit("2026-04-20 10:00", opco.ActeFacturer, actOF, envoiFacture("F1", peda(280000)))
	v.doit("2026-04-21 10:00", opco.ActeDeclarerNonConforme, actGes, opco.ChargeNonConforme{Defauts: []opco.PieceDemandee{
		{Type: opco.PieceCertificat, Motif: opco.MotifSFCertificatNonSigne}, {Type: opco.PieceEmargement, Motif: opco.MotifSFEmargementAbsent}}})
	v.doit("2026-04-22 10:00", opco.ActeCertifier, actOF, envoyer(boris))
	if v.d.Etat != opco.EtatSFNonConforme || !strings.Contains(v.derniers.Phrase, "feuilles d’émargement") {
		t.Errorf("got %s, « %s »; the émargements are still missing", string(v.d.Etat), v.derniers.Phrase)
	}
	// The organisme sent them by post: the gestionnaire adds them.
	v.doit("2026-04-23 10:00", opco.ActeJoindre, actGes, opco.ChargeJoindre{Pieces: []opco.Piece{{ID: "e", Type: opco.PieceEmargement, Etat: opco.PieceRecue}}})
	if v.d.Etat != opco.EtatSFEnControle || !strings.Contains(v.derniers.Phrase, "complétée (209)") {
		t.Errorf("got %s, « %s »; want the contrôle, by 209", string(v.d.Etat), v.derniers.Phrase)
	}
	f := v.d.Factures[0]
	if f.Etat != opco.FacturePriseEnCharge || !slices.Equal(f.Complements, []opco.Date{"2026-04-23"}) {
		t.Errorf("got %s, complétée on %v", f.Etat, f.Complements)
	}
	comparer(t, "échéances", v.echeances(), nil)
	v.doit("2026-04-24 10:00", opco.ActeConstater, actRes, nil)
}

// remboursement is s02 before its invoice: a company that is paid back.
func remboursement(t *testing.T, change func(*opco.Facture)) *vie {
	t.Helper()
	d := s02(21 * heure)
	f := d.Factures[0]
	d.Factures, d.Etat, d.Decision.DecidePar = nil, opco.EtatAttenteServiceFait, actRes
	change(&f)
	v := &vie{t: t, d: d, f: lesFaits()}
	v.doit("2026-04-20 12:00", opco.ActeFacturer, actEnt, opco.ChargeFacturer{Facture: f})
	if v.d.Etat == opco.EtatSFEnControle {
		v.echoir()
	}
	return v
}

// What a remboursement lacks is asked for by its name: the organisme's invoice for
// the training, a relevé for the frais. Figures alone make the invoice go on.
func TestRemboursementIncomplet(t *testing.T) {
	recus := []opco.Justificatif{justificatif(opco.LigneHebergement, 19000), justificatif(opco.LigneRepas, 5400), justificatif(opco.LigneTransport, 8840)}
	acquittee := []opco.Justificatif{{Type: opco.PieceFactureOF, Numero: "OF3-12", Montant: 202000, Acquittee: true, Ligne: opco.LignePeda}}
	piece := func(id string, x opco.TypePiece) []opco.Piece {
		return []opco.Piece{{ID: id, Type: x, Etat: opco.PieceRecue}}
	}
	sansRecus := func(f *opco.Facture) { f.Justificatifs = f.Justificatifs[:2] }
	nonAcquittee := func(f *opco.Facture) { f.Justificatifs[0].Acquittee = false }
	tests := []struct {
		nom     string
		change  func(*opco.Facture)
		demande string
		envois  []opco.ChargeJoindre
		etats   []opco.Etat
	}{
		{"receipts with their figures", sansRecus, "RELEVE_DEPENSES", []opco.ChargeJoindre{
			{Facture: "E2-7", Pieces: piece("p1", opco.PieceReleveDepenses), Justificatifs: recus}}, []opco.Etat{opco.EtatSFEnControle}},
		{"figures alone", sansRecus, "RELEVE_DEPENSES", []opco.ChargeJoindre{{Facture: "E2-7", Justificatifs: recus}}, []opco.Etat{opco.EtatSFEnControle}},
		{"the file first, the figures later", nonAcquittee, "FACTURE_OF_ACQUITTEE", []opco.ChargeJoindre{
			{Facture: "E2-7", Pieces: piece("p1", opco.PieceFactureOF)}, {Facture: "E2-7", Pieces: piece("p1", opco.PieceFactureOF), Justificatifs: acquittee}},
			[]opco.Etat{opco.EtatSFNonConforme, opco.EtatSFEnControle}},
		{"one of two", func(f *opco.Facture) { f.Justificatifs = f.Justificatifs[1:2] }, "FACTURE_OF_ACQUITTEE RELEVE_DEPENSES", []opco.ChargeJoindre{
			{Facture: "E2-7", Justificatifs: acquittee}, {Facture: "E2-7", Justificatifs: recus}}, []opco.Etat{opco.EtatSFNonConforme, opco.EtatSFEnControle}},
	}
	for _, tt := range tests {
		t.Run(tt.nom, func(t *testing.T) {
			v := remboursement(t, tt.change)
			var types []string
			for _, x := range v.d.Complement.Pieces {
				types = append(types, string(x.Type))
			}
			if got := strings.Join(types, " "); got != tt.demande || v.d.Etat != opco.EtatSFNonConforme {
				t.Fatalf("got %s asked for in %s, want %s", got, string(v.d.Etat), tt.demande)
			}
			for i, c := range tt.envois {
				v.doit(fmt.Sprintf("2026-04-2%d 10:00", i+1), opco.ActeJoindre, actEnt, c)
				if v.d.Etat != tt.etats[i] {
					t.Fatalf("sending %d: got %s « %s », want %s", i+1, string(v.d.Etat), v.derniers.Phrase, string(tt.etats[i]))
				}
				if tt.etats[i] == opco.EtatSFNonConforme && v.d.Complement.Satisfait() {
					t.Error("nothing more is asked for, and the dossier stays non conforme")
				}
			}
			comparer(t, "factures", v.etatFactures(), lignes("E2-7 PRISE_EN_CHARGE"))
		})
	}
}

// A certificat that lets the invoice be seen without its receipts has them asked
// for at once: the dossier does not sleep on the desk of the gestionnaire.
func TestCertificatPuisJustificatifs(t *testing.T) {
	d := s02(-1)
	f := d.Factures[0]
	f.Justificatifs = f.Justificatifs[:2]
	d.Factures, d.Etat = nil, opco.EtatAttenteServiceFait
	v := &vie{t: t, d: d, f: lesFaits()}
	v.doit("2026-04-20 12:00", opco.ActeFacturer, actEnt, opco.ChargeFacturer{Facture: f})
	comparer(t, "factures", v.etatFactures(), lignes("E2-7 SUSPENDUE JUSTIF_ABS"))
	v.doit("2026-04-21 12:00", opco.ActeCertifier, actEnt, envoyer(certificat("Awa", "Le Goff", 21*heure)))
	v.echoir()
	if v.d.Etat != opco.EtatSFNonConforme || v.d.Complement.Pieces[0].Type != opco.PieceReleveDepenses {
		t.Errorf("got %s, asked %+v", string(v.d.Etat), v.d.Complement)
	}
}

// Pièces that came in time and were found wrong have the whole délai of T22: the
// forclusion does not end it the day after (domain.md T20, T22).
func TestForclusionNeDevancePasLesCorrections(t *testing.T) {
	v := enAttente(t)
	v.doit("2026-10-16 11:00", opco.ActeCertifier, actOF, envoyer(ana, boris))
	v.doit("2026-10-16 12:00", opco.ActeFacturer, actOF, opco.ChargeFacturer{Facture: facture("F1", peda(280000))})
	v.doit("2026-10-20 10:00", opco.ActeDeclarerNonConforme, actGes, nonConforme)
	comparer(t, "échéances", v.echeances(), lignes("relancer relance_1 2026-10-30 08:00 effet 2026-10-30|relancer relance_2 2026-11-09 08:00 effet 2026-11-09|"+
		"refuser_facture facture_F1 2026-11-20 00:00 effet 2026-11-19|forclore forclusion 2026-11-20 00:00 effet 2026-11-19"))
	err := v.faire("2026-10-20 10:05", opco.ActeConfirmerForclusion, actGes, nil)
	if !errors.Is(err, opco.Conflict) || !strings.Contains(err.Error(), "19 novembre 2026") {
		t.Errorf("got %v, want a Conflict until 19 November", err)
	}
}

// A refused invoice comes back under its number and is paid (S18, 5 bis).
func TestFactureRefuseeRevient(t *testing.T) {
	v := enAttente(t)
	v.doit("2026-04-20 11:00", opco.ActeFacturer, actOF, envoiFacture("F1", peda(280000)))
	for v.d.Factures[0].Etat == opco.FactureSuspendue {
		v.echoir()
	}
	v.doit("2026-05-25 11:00", opco.ActeCertifier, actOF, envoyer(ana, boris))
	c := envoiFacture("F1", peda(280000))
	c.Facture.ID = "F1bis"
	v.doit("2026-05-25 12:00", opco.ActeFacturer, actOF, c)
	comparer(t, "factures", v.etatFactures(), lignes("F1 REFUSEE JUSTIF_ABS|F1 PRISE_EN_CHARGE"))
	v.doit("2026-05-26 12:00", opco.ActeConstater, actRes, nil)
	v.doit("2026-05-27 12:00", opco.ActeDeposerAvoir, actOF, opco.ChargeAvoir{Avoir: leAvoirDu("2026-05-27", "F1", 280000)})
	comparer(t, "factures", v.etatFactures(), lignes("F1 REFUSEE JUSTIF_ABS|F1 ANNULEE_PAR_AVOIR"))
}

func leAvoirDu(jour opco.Date, facture string, m opco.Montant) opco.Avoir {
	return opco.Avoir{ID: "av-" + string(jour), Numero: "AV-" + string(jour), Facture: facture, Montant: m, Date: jour}
}

// A grant without any hourly line is not closed as if nobody had come.
func TestSansLigneHoraire(t *testing.T) {
	d := accord([]eleve{{"Ana", "Ruiz", 35 * heure, 35 * heure, 0, 0}}, opco.LigneDecidee{Ligne: opco.LigneTransport, Accorde: 8840})
	d.Demande.Subrogation = false
	v := &vie{t: t, d: d, f: lesFaits()}
	if err := v.faire("2026-04-20 10:00", opco.ActeConstater, actGes, nil); !errors.Is(err, opco.Conflict) || v.d.Etat != opco.EtatSFEnControle {
		t.Errorf("got %v in %s, want the invoice to be asked for", err, string(v.d.Etat))
	}
}

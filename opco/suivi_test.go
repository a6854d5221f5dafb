package opco_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"guichet/opco"
)

// dossierSuivi is a dossier in an état, with what the état implies.
func dossierSuivi(e opco.Etat, subroge bool) *opco.Dossier {
	d := &opco.Dossier{ID: "d", Numero: "26.A.1.1", Etat: e, DeposeLe: time.Date(2026, 4, 1, 8, 0, 0, 0, time.UTC),
		Demande: opco.Demande{Etablissement: "99900101900010", Debut: "2026-06-08", Fin: "2026-06-10", Subrogation: subroge, Organisme: opco.OrganismeDemande{SIRET: "99900150600016"},
			Lignes: []opco.LigneDemandee{{Ligne: opco.LignePeda, Montant: 2000_00}}, Stagiaires: []opco.Stagiaire{{ID: "s", Nom: "Petit", Prenom: "Zoé", Heures: 420}}}}
	if !e.AvantDecision() {
		d.Decision = &opco.Decision{Sens: opco.SensPartiel, Demande: 2000_00, Accorde: 1500_00, Le: time.Date(2026, 4, 20, 8, 0, 0, 0, time.UTC), Motifs: []opco.Motif{opco.MotifPlafondHoraire}}
	}
	switch e {
	case opco.EtatACompleter, opco.EtatSFNonConforme:
		d.Complement = &opco.Complement{LeJour: "2026-04-10", Pieces: []opco.PieceDemandee{{Type: opco.PieceProgramme, Motif: opco.MotifManquante}, {Type: opco.PieceDevis, Motif: opco.MotifManquante, Recue: "p"}}}
	case opco.EtatEnReglement:
		d.Factures = []opco.Facture{{ID: "f", Numero: "F1", Etat: opco.FactureApprouvee, Approuve: 1500_00, TotalHT: 1500_00}}
		d.Reglements = []opco.Reglement{{ID: "f-1", Facture: "f", Montant: 1500_00, Echeance: "2026-07-15", Etat: opco.ReglementAPayer}}
	case opco.EtatReglee, opco.EtatRegleePartielle, opco.EtatCloturee:
		d.Reglements = []opco.Reglement{{ID: "f-1", Facture: "f", Montant: 1500_00, Etat: opco.ReglementExecute}}
	}
	return d
}

func faitsSuivi() opco.FaitsSuivi {
	return opco.FaitsSuivi{Jour: "2026-06-11", Parametres: opco.ParametresDefaut()}
}

// TestSuiviEveryStateEveryReader: the five answers are never empty, and each is a
// whole sentence, for each état and each reader.
func TestSuiviEveryStateEveryReader(t *testing.T) {
	for _, e := range append(opco.Etats(), opco.EtatNouveau) {
		for _, r := range []opco.Role{opco.RoleEntreprise, opco.RoleOrganisme, opco.RoleGestionnaire, opco.RoleResponsable, opco.RoleComptable, opco.RoleAuditeur} {
			for _, subroge := range []bool{true, false} {
				s := dossierSuivi(e, subroge).Suivi(r, faitsSuivi())
				nom := fmt.Sprintf("%s read by %s", e, r)
				for quoi, phrase := range map[string]string{"sentence": s.Phrase, "where": s.Ou, "why": s.Pourquoi, "next": s.Prochaine, "who": s.QuiAgit} {
					if strings.TrimSpace(phrase) == "" {
						t.Errorf("%s: no %s", nom, quoi)
					}
				}
				for _, phrase := range []string{s.Phrase, s.Pourquoi, s.Prochaine} {
					if !strings.HasSuffix(phrase, ".") || strings.HasSuffix(phrase, "..") || strings.Contains(phrase, " .") || strings.Contains(phrase, ": .") {
						t.Errorf("%s: « %s » is no sentence", nom, phrase)
					}
				}
				if r.Interne() && (strings.Contains(s.QuiAgit, "Vous") || strings.Contains(s.Phrase, "Vous n’avez rien")) {
					t.Errorf("%s: speaks to an organisation: %+v", nom, s)
				}
				if !r.Interne() && (s.QuiAgit == "Vous") != (s.Qui == r) {
					t.Errorf("%s: %q acts, and is said %q", nom, s.Qui, s.QuiAgit)
				}
				if s.Acte != "" && s.Qui != r {
					t.Errorf("%s: offers %s to who does not act", nom, s.Acte)
				}
			}
		}
	}
}

// TestSuiviWhoActs: who acts next, for a dossier paid to the organisme and one paid
// to the company.
func TestSuiviWhoActs(t *testing.T) {
	ent, of, ges, res, cpt := opco.RoleEntreprise, opco.RoleOrganisme, opco.RoleGestionnaire, opco.RoleResponsable, opco.RoleComptable
	tests := []struct {
		etat                   opco.Etat
		subroge, remboursement opco.Role
	}{
		{opco.EtatBrouillon, ent, ent}, {opco.EtatSupprime, "", ""}, {opco.EtatTransmise, ges, ges}, {opco.EtatACompleter, ent, ent},
		{opco.EtatEnInstruction, ges, ges}, {opco.EtatEnValidation, res, res}, {opco.EtatAccordee, of, of}, {opco.EtatAccordeePartielle, of, of},
		{opco.EtatRefusee, "", ""}, {opco.EtatSansSuite, "", ""}, {opco.EtatAnnulee, "", ""}, {opco.EtatEnRealisation, of, ent},
		{opco.EtatAttenteServiceFait, of, ent}, {opco.EtatSFEnControle, of, ent}, {opco.EtatSFNonConforme, of, ent}, {opco.EtatEnReglement, cpt, cpt},
		{opco.EtatRegleePartielle, of, ent}, {opco.EtatReglee, "", ""}, {opco.EtatCloturee, "", ""},
	}
	vus := map[opco.Etat]bool{}
	for _, tt := range tests {
		vus[tt.etat] = true
		for subroge, veut := range map[bool]opco.Role{true: tt.subroge, false: tt.remboursement} {
			if s := dossierSuivi(tt.etat, subroge).Suivi(opco.RoleGestionnaire, faitsSuivi()); s.Qui != veut {
				t.Errorf("%s, paid directly %v: %q acts, want %q (%s)", tt.etat, subroge, s.Qui, veut, s.Phrase)
			}
		}
	}
	for _, e := range opco.Etats() {
		if !vus[e] {
			t.Errorf("nobody said who acts in état %s", e)
		}
	}
}

// TestSuiviCases: the dates that can be trusted, and what blocks.
func TestSuiviCases(t *testing.T) {
	lu := func(e opco.Etat, subroge bool, r opco.Role, changer func(d *opco.Dossier, f *opco.FaitsSuivi)) opco.Suivi {
		d, f := dossierSuivi(e, subroge), faitsSuivi()
		if changer != nil {
			changer(d, &f)
		}
		return d.Suivi(r, f)
	}
	tests := []struct {
		name   string
		suivi  opco.Suivi
		phrase string // found in the whole
		avant  opco.Date
		qui    opco.Role
		acte   opco.TypeActe
		bloque bool
	}{
		{"the legal limit of a decision", lu(opco.EtatTransmise, true, opco.RoleEntreprise, nil), "Vous n’avez rien à faire", "2026-06-01", opco.RoleGestionnaire, "", false},
		{"one pièce is missing, the other came", lu(opco.EtatACompleter, true, opco.RoleEntreprise, func(d *opco.Dossier, _ *opco.FaitsSuivi) {
			d.Echeances = []opco.Echeance{{Type: opco.ActeRelancer, Effet: "2026-04-20"}, {Type: opco.ActeClasserSansSuite, Effet: "2026-05-10"}}
		}), "Envoyez-nous 1 pièce", "2026-05-10", opco.RoleEntreprise, opco.ActeJoindre, false},
		{"no échéance, no date", lu(opco.EtatACompleter, true, opco.RoleEntreprise, nil), "programme détaillé", "", opco.RoleEntreprise, opco.ActeJoindre, false},
		{"what is granted over what was asked", lu(opco.EtatAccordeePartielle, true, opco.RoleEntreprise, nil), "Nous accordons 1\u00a0500,00\u00a0€ sur 2\u00a0000,00\u00a0€.", "", opco.RoleOrganisme, "", false},
		{"the company invoices for itself", lu(opco.EtatAttenteServiceFait, false, opco.RoleEntreprise, func(d *opco.Dossier, _ *opco.FaitsSuivi) {
			d.Echeances = []opco.Echeance{{Type: opco.ActeForclore, Effet: "2026-12-10"}}
		}), "Envoyez-nous 2 pièces pour être remboursés.", "2026-12-10", opco.RoleEntreprise, opco.ActeFacturer, false},
		{"the organisme invoices", lu(opco.EtatAttenteServiceFait, true, opco.RoleEntreprise, nil), "L’organisme doit envoyer 2 pièces pour être payé.", "", opco.RoleOrganisme, "", false},
		{"the délai of T20 has passed", lu(opco.EtatAttenteServiceFait, false, opco.RoleEntreprise, func(d *opco.Dossier, _ *opco.FaitsSuivi) { d.Forclos = true }),
			"Le délai pour envoyer les pièces de fin est passé.", "", opco.RoleGestionnaire, "", true},
		{"an invoice waits for a proof", lu(opco.EtatSFEnControle, true, opco.RoleOrganisme, func(d *opco.Dossier, _ *opco.FaitsSuivi) {
			d.Factures = []opco.Facture{{ID: "f", Numero: "F9", Etat: opco.FactureSuspendue, Motif: opco.MotifJustifAbs, Phrase: "Le certificat de Zoé Petit manque."}}
			d.Echeances = []opco.Echeance{{Type: opco.ActeRefuserFacture, Code: "facture_f", Effet: "2026-07-20"}}
		}), "Le certificat de Zoé Petit manque.", "2026-07-20", opco.RoleOrganisme, opco.ActeCertifier, true},
		{"everything is here: paid in thirty days", lu(opco.EtatSFEnControle, true, opco.RoleOrganisme, func(d *opco.Dossier, _ *opco.FaitsSuivi) {
			d.Factures = []opco.Facture{{ID: "f", Etat: opco.FacturePriseEnCharge, ConformeLe: "2026-06-11"}}
			d.Certificats = []opco.Certificat{{ID: "c", Nom: "Petit", Prenom: "Zoé", Du: "2026-06-08", Au: "2026-06-10", Heures: 420}}
		}), "Nous contrôlons les pièces de fin. Vous n’avez rien à faire.", "2026-07-11", opco.RoleGestionnaire, "", false},
		{"due, in no lot", lu(opco.EtatEnReglement, true, opco.RoleOrganisme, nil), "Nous vous payons 1\u00a0500,00\u00a0€.", "2026-07-15", opco.RoleComptable, "", false},
		{"in a lot: its day is sure", lu(opco.EtatEnReglement, true, opco.RoleEntreprise, func(d *opco.Dossier, f *opco.FaitsSuivi) {
			d.Reglements[0].Etat, f.Executions = opco.ReglementEmis, map[string]opco.Date{"f-1": "2026-06-18"}
		}), "La banque exécute le virement du 18 juin 2026.", "", opco.RoleBanque, "", false},
		{"the bank refused", lu(opco.EtatEnReglement, true, opco.RoleOrganisme, func(d *opco.Dossier, _ *opco.FaitsSuivi) {
			d.Reglements[0].Etat, d.Reglements[0].Cause = opco.ReglementRejete, "Le compte est clos."
		}), "Le compte est clos.", "", opco.RoleOrganisme, "", true},
		{"the bank refused, and it was paid again", lu(opco.EtatEnReglement, true, opco.RoleOrganisme, func(d *opco.Dossier, _ *opco.FaitsSuivi) {
			d.Reglements[0].Etat = opco.ReglementRejete
			d.Reglements = append(d.Reglements, opco.Reglement{ID: "f-2", Facture: "f", Montant: 1500_00, Echeance: "2026-07-16", Etat: opco.ReglementAPayer})
		}), "Nous vous payons", "2026-07-16", opco.RoleComptable, "", false},
		{"an avoir is awaited", lu(opco.EtatEnReglement, true, opco.RoleOrganisme, func(d *opco.Dossier, _ *opco.FaitsSuivi) {
			d.Reglements = nil
			d.Factures[0] = opco.Facture{ID: "f", Numero: "F1", Etat: opco.FactureApprouveePartiel, TotalHT: 2000_00, Approuve: 1500_00, NonApprouve: 500_00, AttendAvoir: true}
		}), "Envoyez un avoir de 500,00\u00a0€ sur la facture F1.", "", opco.RoleOrganisme, opco.ActeDeposerAvoir, true},
		{"a refusal may be contested", lu(opco.EtatRefusee, true, opco.RoleEntreprise, nil), "jusqu’au 20 juin 2026", "", "", "", false},
		{"a refusal is for the company to contest", lu(opco.EtatRefusee, true, opco.RoleOrganisme, nil), "L’OPCO ne finance pas cette formation.", "", "", "", false},
		{"a brouillon whose start has passed", lu(opco.EtatBrouillon, true, opco.RoleEntreprise, nil), "Changez les dates", "", opco.RoleEntreprise, opco.ActeDeposer, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := tt.suivi
			tout := strings.Join([]string{s.Phrase, s.Pourquoi, s.Prochaine, s.Sinon}, " ")
			if !strings.Contains(tout, tt.phrase) || s.AvantLe != tt.avant || s.Qui != tt.qui || s.Acte != tt.acte || s.Bloque != tt.bloque {
				t.Errorf("got %+v; want « %s » before %q by %q with %q, blocked %v", s, tt.phrase, tt.avant, tt.qui, tt.acte, tt.bloque)
			}
		})
	}
}

func TestDernierChangement(t *testing.T) {
	le := func(j int) time.Time { return time.Date(2026, 4, j, 8, 0, 0, 0, time.UTC) }
	ps := []opco.Passage{{De: opco.EtatBrouillon, Vers: opco.EtatTransmise, Le: le(1)}, {De: opco.EtatTransmise, Vers: opco.EtatACompleter, Le: le(2)},
		{De: opco.EtatACompleter, Vers: opco.EtatACompleter, Le: le(3)}, {De: opco.EtatACompleter, Vers: opco.EtatSansSuite, Verdict: opco.VerdictRefuse, Le: le(4)}}
	if got := opco.DernierChangement(ps); !got.Equal(le(2)) {
		t.Errorf("changed on %v, want the 2nd", got)
	}
	if got := opco.DernierChangement(nil); !got.IsZero() {
		t.Errorf("an empty journal changed on %v", got)
	}
}

func TestUniteDe(t *testing.T) {
	us := []opco.Unite{{ID: "toutes"}, {ID: "branche", IDCC: "2691"}, {ID: "departement", Departement: "31"}, {ID: "deux", IDCC: "2691", Departement: "31"}, {ID: "compte", SIREN: "999001225"}}
	tests := []struct {
		siren      opco.SIREN
		idcc, cp   string
		veut       string
		sansToutes bool
	}{
		{"999001019", "1486", "44000", "toutes", false}, {"999001019", "2691", "44000", "branche", false}, {"999001019", "1486", "31000", "departement", false},
		{"999001019", "2691", "31700", "deux", false}, {"999001225", "2691", "31700", "compte", false}, {"999001019", "1486", "", "", true}, {"999001019", "1486", "97400", "", true},
	}
	for _, tt := range tests {
		liste := us
		if tt.sansToutes {
			liste = us[1:]
		}
		u, ok := opco.UniteDe(liste, opco.Entreprise{SIREN: tt.siren, IDCC: tt.idcc}, tt.cp)
		if u.ID != tt.veut || ok != (tt.veut != "") {
			t.Errorf("%s of branch %s at %q: got %q, want %q", tt.siren, tt.idcc, tt.cp, u.ID, tt.veut)
		}
	}
	for cp, veut := range map[string]string{"31000": "31", "97400": "974", "2A000": "", "310": "", "06 300": "06"} {
		if got := opco.Departement(cp); got != veut {
			t.Errorf("département of %q: %q, want %q", cp, got, veut)
		}
	}
}

func TestUniteAndInformationRefused(t *testing.T) {
	champs := func(es []*opco.Error) []string {
		var cs []string
		for _, e := range es {
			cs = append(cs, e.Champ)
		}
		slices.Sort(cs)
		return cs
	}
	u := opco.Unite{Departement: "Haute-Garonne", IDCC: "26915", Interlocuteurs: []opco.Interlocuteur{{Fonction: opco.ConseillerPlan, Email: "x"}, {Fonction: "AUTRE", Nom: "A", Email: "a@b.test"}}}
	if got, veut := champs(u.Valider()), []string{"departement", "idcc", "interlocuteurs", "interlocuteurs.CONSEILLER_PLAN.email", "interlocuteurs.CONSEILLER_PLAN.nom", "nom"}; !slices.Equal(got, veut) {
		t.Errorf("unit: refused %v, want %v", got, veut)
	}
	if got := (opco.Unite{Nom: "Sud", Departement: "974", IDCC: "2691"}).Valider(); len(got) > 0 {
		t.Errorf("a good unit is refused: %v", got)
	}
	i := opco.Information{Ton: "rouge", Public: "personne", Du: "2026-13-01", Au: "hier"}
	if got, veut := champs(i.Valider()), []string{"au", "du", "public", "texte", "titre", "ton"}; !slices.Equal(got, veut) {
		t.Errorf("information: refused %v, want %v", got, veut)
	}
	if got := (opco.Information{Titre: "T", Texte: "T", Ton: "bleu", Public: "tous", Du: "2026-01-02", Au: "2026-01-01"}).Valider(); len(got) != 1 || got[0].Champ != "au" {
		t.Errorf("an information that ends before it begins: %v", got)
	}
}

func TestDevinerPiece(t *testing.T) {
	for nom, veut := range map[string]opco.TypePiece{
		"Programme_détaillé.pdf": opco.PieceProgramme, "DEVIS-2026-0417.PDF": opco.PieceDevis, "convention signée.pdf": opco.PieceConvention,
		"facture acquittée OF3.pdf": opco.PieceFactureOF, "facture-F277.pdf": opco.PieceFacture, "certificat-realisation-lefevre.pdf": opco.PieceCertificat,
		"RIB.pdf": opco.PieceRIB, "distribution.pdf": "", "scan0001.pdf": "", "émargement juin.png": opco.PieceEmargement, "avoir_12.pdf": opco.PieceAvoir, "certificat qualiopi.pdf": opco.PieceQualiopi,
	} {
		if got := opco.DevinerPiece(nom); got != veut {
			t.Errorf("%s: got %q, want %q", nom, got, veut)
		}
	}
}

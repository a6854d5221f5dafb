package courrier_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"guichet/courrier"
	"guichet/opco"
)

// dossierComplet has all that an event may speak of: S04's training, a decision,
// an invoice approved in part and its payment.
func dossierComplet() opco.Dossier {
	organisme := opco.OrganismeDemande{SIRET: "99900136500017", Nom: "Formalia Synthèse"}
	return opco.Dossier{
		ID: garonne.ID, Numero: garonne.Numero, DeposeLe: time.Date(2026, 8, 3, 8, 0, 0, 0, time.UTC),
		InstruitPar: opco.Acteur{Personne: "p1", Nom: "Camille Vasseur", Role: opco.RoleGestionnaire},
		Demande: opco.Demande{
			Etablissement: "99900115900014", Organisme: organisme, Subrogation: true, Intitule: garonne.Formation, Duree: garonne.Duree,
			Debut: garonne.Debut, Fin: garonne.Fin, ReferenceClient: "PO-7",
			Lignes:     []opco.LigneDemandee{{Ligne: opco.LignePeda, Montant: 378000}},
			Stagiaires: []opco.Stagiaire{{ID: "s1", Prenom: "Aïcha", Nom: "Ünal"}, {ID: "s2", Prenom: "Noël", Nom: "Œuvrard"}},
		},
		Complement: &opco.Complement{LeJour: "2026-08-04", Pieces: []opco.PieceDemandee{
			{Type: opco.PieceProgramme, Motif: opco.MotifManquante}, {Type: opco.PieceDevis, Motif: opco.MotifIllisible, Recue: "x"}}},
		Decision: &opco.Decision{Version: 1, Sens: opco.SensPartiel, Demande: 378000, Accorde: 283500, Motifs: []opco.Motif{opco.MotifPlafondHoraire},
			Lignes: []opco.LigneDecidee{{Ligne: opco.LignePeda, Demande: 378000, Eligible: 283500, Accorde: 283500, Motif: opco.MotifPlafondHoraire}}},
		Factures: []opco.Facture{{ID: "f1", Numero: "F-2026-200", Date: "2026-09-20", TotalHT: 378000, Etat: opco.FactureApprouveePartiel,
			Motif: opco.MotifPUErr, Phrase: "Le prix facturé dépasse celui de notre accord.", RecueLe: "2026-09-21", EcheanceLe: "2026-10-21",
			SuspendueLe: "2026-09-21", Approuve: 283500, NonApprouve: 94500,
			Constatees: []opco.LigneConstatee{{Ligne: opco.LignePeda, Stagiaire: "s1", Prevu: 21 * 60, Certifie: 21 * 60, Payable: 283500}}}},
		Reglements: []opco.Reglement{{ID: "r1", Numero: "R26-000050", Facture: "f1", Montant: 283500, Etat: opco.ReglementExecute,
			ExecuteLe: "2026-10-12", Cause: "Ce compte est fermé."}},
	}
}

// TestRediger words every event of the catalogue, for both parties, from a real
// dossier: each must give a mail that a server would take, and its letter.
func TestRediger(t *testing.T) {
	for _, ev := range opco.Evenements() {
		for _, pour := range []opco.Role{opco.RoleEntreprise, opco.RoleOrganisme} {
			t.Run(string(ev)+"/"+string(pour), func(t *testing.T) {
				e, err := courrier.Rediger(opco.Envoi{
					ID: garonne.ID + "-7-" + string(ev) + "-" + string(pour), Dossier: dossierComplet(), Courriel: "a@b.example",
					Courrier:     opco.Courrier{Evenement: ev, Pour: pour, Facture: "f1", Reglement: "r1"},
					Destinataire: "Garonne", Entreprise: garonne.Entreprise, IBAN: "FR7699999000150010020035594", Libere: 94500, Indu: unIndu(), RIB: &opco.RIBChange{Ancien: "FR76 •••• 5594", Nouveau: "FR76 •••• 7737", Par: "Odile", Raison: "Le titulaire est un autre."},
					Le: time.Date(2026, 10, 12, 8, 0, 0, 0, time.UTC), Effet: "2026-10-12", Parametres: opco.ParametresDefaut(),
				})
				if err != nil {
					t.Fatal(err)
				}
				p, err := courrier.Composer(e, maison)
				if err != nil {
					t.Fatal(err)
				}
				if err := p.Message.Verifier(); err != nil {
					t.Error(err)
				}
				if strings.Contains(p.Message.Texte, "FR7699999000150010020035594") {
					t.Error("the mail carries a whole IBAN")
				}
				for _, faute := range []string{"\u00a0:.", " .", "le .", "au  ", " du le", "%!", "<nil>", "0001", "  "} {
					if strings.Contains(p.Message.Texte, faute) {
						t.Errorf("the mail holds %q:\n%s", faute, p.Message.Texte)
					}
				}
			})
		}
	}
	if _, err := courrier.Rediger(opco.Envoi{Courrier: opco.Courrier{Evenement: "INCONNU"}}); opco.KindOf(err) != opco.Invalid {
		t.Errorf("an unknown event: got %v, want Invalid", err)
	}
}

// texte words an event for a party and returns its mail.
func texte(t *testing.T, d opco.Dossier, c opco.Courrier) string {
	t.Helper()
	e, err := courrier.Rediger(opco.Envoi{ID: garonne.ID + "-1", Dossier: d, Courriel: "a@b.example", Courrier: c, Destinataire: "Garonne",
		Entreprise: garonne.Entreprise, IBAN: "FR7699999000150010020035594", Le: time.Date(2026, 10, 12, 8, 0, 0, 0, time.UTC),
		Effet: "2026-10-12", Parametres: opco.ParametresDefaut()})
	if err != nil {
		t.Fatal(err)
	}
	p, err := courrier.Composer(e, maison)
	if err != nil {
		t.Fatal(err)
	}
	return p.Message.Objet + "\n" + strings.ReplaceAll(p.Message.Texte, "\u00a0", " ")
}

// What a mail says follows the dossier: the pièces still missing and their day, the
// amount still to credit, the days that were certified.
func TestRedigerSuitLeDossier(t *testing.T) {
	nonConforme, attendAvoir, certifie, partiel := dossierComplet(), dossierComplet(), dossierComplet(), dossierComplet()
	nonConforme.Etat = opco.EtatSFNonConforme
	f := &attendAvoir.Factures[0]
	f.AttendAvoir, f.Avoirs = true, []opco.Avoir{{Montant: 4500}}
	certifie.Certificats = []opco.Certificat{{ID: "c1", Prenom: "Aïcha", Nom: "Ünal", Du: "2026-09-14", Au: "2026-09-15", Heures: 14 * 60}}
	partiel.Certificats = certifie.Certificats
	partiel.Etat = opco.EtatAttenteServiceFait
	partiel.Complement.Pieces = append(partiel.Complement.Pieces, opco.PieceDemandee{Type: opco.PieceRIB, Motif: opco.MotifManquante})
	tests := []struct {
		nom          string
		d            opco.Dossier
		c            opco.Courrier
		avec, jamais string
	}{
		{"a relance of pièces found wrong", nonConforme, opco.Courrier{Evenement: opco.CourrierRappelPieces, Pour: opco.RoleOrganisme, Numero: 2},
			"rappel 2|Nous attendons toujours ceci|Programme détaillé|3 septembre 2026", "Devis"},
		{"a rappel for one missing certificat", partiel, opco.Courrier{Evenement: opco.CourrierRappelPieces, Pour: opco.RoleOrganisme, Numero: 1},
			"Certificat de réalisation|Votre facture à l’OPCO", ""},
		{"the avoir that is left", attendAvoir, opco.Courrier{Evenement: opco.CourrierFactureApprouvee, Pour: opco.RoleOrganisme, Facture: "f1", Numero: 1},
			"rappel 1, avoir attendu|un avoir de 900,00 €", "de 945,00 €"},
		{"the days certified", certifie, opco.Courrier{Evenement: opco.CourrierAvisVirement, Pour: opco.RoleOrganisme, Reglement: "r1"},
			"15 septembre 2026", "16 septembre 2026"},
		{"the pièces of the organisme", partiel, opco.Courrier{Evenement: opco.CourrierComplement, Pour: opco.RoleOrganisme},
			"Programme détaillé|Nous attendons une pièce de vous", "- RIB"},
		{"all the pièces, to the company", partiel, opco.Courrier{Evenement: opco.CourrierComplement, Pour: opco.RoleEntreprise},
			"Programme détaillé|RIB|il manque 2 pièces", ""},
	}
	for _, tt := range tests {
		t.Run(tt.nom, func(t *testing.T) {
			got := texte(t, tt.d, tt.c)
			for _, m := range strings.Split(tt.avec, "|") {
				if !strings.Contains(got, m) {
					t.Errorf("no %q in\n%s", m, got)
				}
			}
			if tt.jamais != "" && strings.Contains(got, tt.jamais) {
				t.Errorf("%q in\n%s", tt.jamais, got)
			}
		})
	}
}

// An hour that pays both the training and the wage is one hour of the avis
// (AT-13), whatever the number of cost lines it pays.
func TestAvisCompteChaqueHeureUneFois(t *testing.T) {
	d := dossierComplet()
	d.Factures[0].Constatees = []opco.LigneConstatee{
		{Ligne: opco.LignePeda, Stagiaire: "s1", Prevu: 21 * 60, Certifie: 21 * 60, Payable: 200000},
		{Ligne: opco.LigneRemuneration, Stagiaire: "s1", Prevu: 21 * 60, Certifie: 21 * 60, Payable: 80000},
		{Ligne: opco.LigneRepas, Payable: 3500},
	}
	e, err := courrier.Rediger(opco.Envoi{ID: "x", Dossier: d, Courriel: "a@b.example", Destinataire: "Garonne", Entreprise: "Garonne",
		Courrier: opco.Courrier{Evenement: opco.CourrierAvisVirement, Pour: opco.RoleEntreprise, Facture: "f1", Reglement: "r1"},
		Le:       time.Date(2026, 10, 12, 8, 0, 0, 0, time.UTC), Effet: "2026-10-12", Parametres: opco.ParametresDefaut()})
	if err != nil {
		t.Fatal(err)
	}
	v, ok := e.(courrier.Virement)
	if !ok || v.Heures() != 21*60 {
		t.Errorf("got %T with %s, want 21 h", e, v.Heures())
	}
}

// The letter of an accord partiel quotes the cap of the branch and the price
// asked, as the seed's dossier has them: 40,00 € against 96,19 € an hour.
func TestAccordPartielCiteLesChiffres(t *testing.T) {
	d := dossierComplet()
	d.Demande.Stagiaires = []opco.Stagiaire{{ID: "s1", Prenom: "Aïcha", Nom: "Ünal", Heures: 21 * 60}}
	d.Decision = &opco.Decision{Version: 1, Sens: opco.SensPartiel, Bareme: "BAR-TEST-2026", Demande: 202000, Accorde: 84000,
		Motifs: []opco.Motif{opco.MotifPlafondHoraire},
		Lignes: []opco.LigneDecidee{{Ligne: opco.LignePeda, Demande: 202000, Eligible: 84000, Accorde: 84000, Motif: opco.MotifPlafondHoraire}}}
	e, err := courrier.Rediger(opco.Envoi{ID: "x", Dossier: d, Courriel: "a@b.example", Destinataire: "Garonne", Entreprise: "Garonne",
		Courrier: opco.Courrier{Evenement: opco.CourrierAccordPartiel, Pour: opco.RoleEntreprise},
		Le:       time.Date(2026, 8, 7, 8, 0, 0, 0, time.UTC), Effet: "2026-08-07", Parametres: opco.ParametresDefaut()})
	if err != nil {
		t.Fatal(err)
	}
	p, err := courrier.Composer(e, maison)
	if err != nil {
		t.Fatal(err)
	}
	page := strings.ReplaceAll(string(p.HTML), "\u00a0", " ")
	for _, want := range []string{"le devis est à 96,19 € de l’heure", "finance jusqu’à 40,00 € par heure"} {
		if !strings.Contains(page, want) {
			t.Errorf("the letter does not say %q", want)
		}
	}
}

// The postal address that the OPCO has on file stands in the window of the letter,
// in its two forms; what is not known leaves no blank line.
func TestLettrePorteAdressePostale(t *testing.T) {
	tests := []struct {
		nom     string
		adresse []string
		lignes  []string
	}{
		{"whole", []string{"3 allée des Soupirs", "31000 Toulouse"}, []string{"Garonne", "3 allée des Soupirs", "31000 Toulouse"}},
		{"a town only", []string{"", " Toulouse"}, []string{"Garonne", "Toulouse"}},
		{"a street only", []string{"3 allée des Soupirs", " "}, []string{"Garonne", "3 allée des Soupirs"}},
		{"none", nil, []string{"Garonne"}},
	}
	for _, tt := range tests {
		e, err := courrier.Rediger(opco.Envoi{ID: garonne.ID + "-1", Dossier: dossierComplet(), Destinataire: "Garonne", Adresse: tt.adresse,
			Courrier: opco.Courrier{Evenement: opco.CourrierAccord, Pour: opco.RoleEntreprise}, Le: time.Date(2026, 10, 12, 8, 0, 0, 0, time.UTC),
			Parametres: opco.ParametresDefaut()})
		if err != nil {
			t.Fatal(err)
		}
		l, _ := e.Lettre(maison)
		if !slices.Equal(l.Adresse, tt.lignes) {
			t.Errorf("%s: address %q, want %q", tt.nom, l.Adresse, tt.lignes)
		}
		p, err := courrier.Composer(e, maison)
		if err != nil {
			t.Fatal(err)
		}
		if want := `<p class="dest">` + strings.Join(tt.lignes, "<br>") + "</p>"; !strings.Contains(string(p.HTML), want) {
			t.Errorf("%s: the page has no %s", tt.nom, want)
		}
		if texte, _ := textePDF(t, p.PDF, "OPCO Démo · Dossier "+garonne.Numero); !strings.Contains(texte, serre(strings.Join(tt.lignes, ""))) {
			t.Errorf("%s: the PDF does not say %q", tt.nom, tt.lignes)
		}
	}
}

// unIndu is S17's debt, notified on 2 December 2026.
func unIndu() *opco.Indu {
	return &opco.Indu{ID: "f1-i1", Numero: "I26-004242", Etat: opco.InduNotifie, FactureNumero: "F-2026-200", Cause: opco.CauseControle,
		Raison: "Les relevés de connexion montrent 90 h.", Montant: 112000, NotifieLe: "2026-12-02", ReponseAvant: "2027-01-01", Reponse: "Les relevés font foi."}
}

// The letters of a debt say the sum, its cause, until when to answer and how it
// comes back; the avis of the payment that it is taken on shows both lines.
func TestLettresDIndu(t *testing.T) {
	compense := dossierComplet()
	compense.Reglements[0].Montant = 188000
	compense.Factures[0].Approuve, compense.Factures[0].TotalHT = 300000, 300000
	compense.Reglements[0].Compensations = []opco.Compensation{{Indu: "f0-i1", Numero: "I26-004242", Montant: 112000}}
	entier := dossierComplet()
	entier.Reglements[0].Montant = 0
	entier.Reglements[0].Compensations = []opco.Compensation{{Indu: "f0-i1", Numero: "I26-004242", Montant: 283500}}
	tests := []struct {
		name  string
		d     opco.Dossier
		c     opco.Courrier
		etat  opco.EtatIndu
		dit   []string
		taira []string
	}{
		{"notified", dossierComplet(), opco.Courrier{Evenement: opco.CourrierInduNotifie}, opco.InduNotifie,
			[]string{"1 120,00 € de trop", "90 h", "1er janvier 2027", "I26-004242", "retenons 1 120,00 €"}, []string{"maintenons"}},
		{"second relance", dossierComplet(), opco.Courrier{Evenement: opco.CourrierInduRelance, Numero: 2}, opco.InduNotifie,
			[]string{"rappel 2", "2 décembre 2026", "1 120,00 €"}, []string{"maintenons"}},
		{"due again", dossierComplet(), opco.Courrier{Evenement: opco.CourrierInduRelance}, opco.InduNotifie,
			[]string{"1 120,00 € de nouveau à rendre", "retenue", "Nous retenons"}, []string{"rappel", "contestation"}},
		{"maintained", dossierComplet(), opco.Courrier{Evenement: opco.CourrierInduReponse}, opco.InduNotifie,
			[]string{"Nous maintenons", "Les relevés font foi."}, []string{"annulé"}},
		{"cancelled", dossierComplet(), opco.Courrier{Evenement: opco.CourrierInduReponse}, opco.InduAnnule,
			[]string{"ne nous devez rien", "Les relevés font foi."}, []string{"retenons"}},
		{"S17, the avis with both lines", compense, opco.Courrier{Evenement: opco.CourrierAvisVirement, Reglement: "r1"}, opco.InduNotifie,
			[]string{"payé 1 880,00 €", "3 000,00 €", "Indu I26-004242", "-1 120,00 €"}, nil},
		{"a payment wholly taken", entier, opco.Courrier{Evenement: opco.CourrierAvisVirement, Reglement: "r1"}, opco.InduNotifie,
			[]string{"rien n’est viré", "2 835,00 €", "-2 835,00 €"}, []string{"Votre relevé de banque"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			i := unIndu()
			i.Etat = tt.etat
			tt.c.Pour = opco.RoleOrganisme
			e, err := courrier.Rediger(opco.Envoi{ID: "x", Dossier: tt.d, Courriel: "a@b.example", Courrier: tt.c, Destinataire: "Formalia", Indu: i,
				Le: time.Date(2026, 12, 2, 8, 0, 0, 0, time.UTC), Effet: "2026-12-02", Parametres: opco.ParametresDefaut()})
			if err != nil {
				t.Fatal(err)
			}
			p, err := courrier.Composer(e, maison)
			if err != nil {
				t.Fatal(err)
			}
			texte := strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(p.Message.Objet + "\n" + p.Message.Texte)
			for _, mot := range tt.dit {
				if !strings.Contains(texte, mot) {
					t.Errorf("no %q in\n%s", mot, texte)
				}
			}
			for _, mot := range tt.taira {
				if strings.Contains(texte, mot) {
					t.Errorf("%q in\n%s", mot, texte)
				}
			}
		})
	}
}

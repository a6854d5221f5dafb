package opco_test

import (
	"strings"
	"testing"

	"guichet/opco"
)

// results gathers what one check of the matrix says, worst last.
func resultats(cs []opco.Controle, code string) []opco.Controle {
	var siens []opco.Controle
	for _, c := range cs {
		if c.Code == code {
			siens = append(siens, c)
		}
	}
	return siens
}

func TestControlerServiceFait(t *testing.T) {
	type change = func(d *opco.Dossier, fa *opco.Faits)
	cert := func(f func(c *opco.Certificat)) change {
		return func(d *opco.Dossier, _ *opco.Faits) { f(&d.Certificats[1]) }
	}
	fact := func(f func(f *opco.Facture)) change {
		return func(d *opco.Dossier, _ *opco.Faits) { f(&d.Factures[0]) }
	}
	rien := func(*opco.Dossier, *opco.Faits) {}
	const ok, warn, block, attendu, sansObjet = opco.ResultatOK, opco.ResultatWarn, opco.ResultatBlock, opco.ResultatAttendu, opco.ResultatSansObjet
	tests := []struct {
		code, name string
		change     change
		want       opco.Resultat // the worst of the check
		motif      opco.Motif
		phrase     string
	}{
		{"SF1", "same names", rien, ok, "", ""},
		{"SF1", "accents and case", cert(func(c *opco.Certificat) { c.Nom, c.Prenom = "PÉTIT", "boris" }), ok, "", ""},
		{"SF1", "a typing error", cert(func(c *opco.Certificat) { c.Nom = "Petot" }), warn, "", "ressemble"},
		{"SF1", "somebody else", cert(func(c *opco.Certificat) { c.Nom = "Grand" }), block, opco.MotifSFIdentite, "Boris Grand"},
		{"SF1", "another birth date", func(d *opco.Dossier, _ *opco.Faits) {
			d.Demande.Stagiaires[1].NeLe, d.Certificats[1].NeLe = "1980-01-01", "1981-01-01"
		}, block, opco.MotifSFIdentite, "Boris"},
		{"SF1", "a certificat is missing", func(d *opco.Dossier, _ *opco.Faits) { d.Certificats = d.Certificats[:1] }, attendu, opco.MotifSFCertificatAbsent, "Boris Petit"},
		{"SF1", "a very long name is compared whole", func(d *opco.Dossier, _ *opco.Faits) {
			long := strings.Repeat("Abcdefghij ", 8)
			d.Demande.Stagiaires[1].Nom, d.Certificats[1].Nom = long+"Un", long+"Un"
		}, ok, "", ""},
		{"SF2", "same title", rien, ok, "", ""},
		{"SF2", "nearly the same title", cert(func(c *opco.Certificat) { c.Intitule = "Securite applications — niveau 1" }), ok, "", ""},
		{"SF2", "another title", cert(func(c *opco.Certificat) { c.Intitule = "Poterie" }), warn, opco.MotifSFIntitule, "Poterie"},
		{"SF2", "no title", cert(func(c *opco.Certificat) { c.Intitule = "" }), warn, opco.MotifSFIntitule, ""},
		{"SF3", "inside", rien, ok, "", ""},
		{"SF3", "shorter", cert(func(c *opco.Certificat) { c.Au = "2026-04-13" }), warn, "", "plus courte"},
		{"SF3", "starts before", cert(func(c *opco.Certificat) { c.Du = "2026-04-12" }), block, opco.MotifSFDates, "12 avril 2026"},
		{"SF3", "ends after", cert(func(c *opco.Certificat) { c.Au = "2026-04-15" }), block, opco.MotifSFDates, "15 avril 2026"},
		{"SF3", "a period of an échelonnement is shorter by nature", func(d *opco.Dossier, _ *opco.Faits) {
			d.Demande.Echelonnement, d.Certificats[1].Au = true, "2026-04-13"
		}, ok, "", ""},
		{"SF4", "as granted", rien, ok, "", ""},
		{"SF4", "fewer", cert(func(c *opco.Certificat) { c.Heures = 13*heure + 30 }), warn, opco.MotifSFHeures, "13\u00a0h\u00a030 sur 14\u00a0h"},
		{"SF4", "fewer, within the tolérance", func(d *opco.Dossier, fa *opco.Faits) {
			d.Certificats[1].Heures, fa.Parametres.ToleranceHeures = 13*heure+30, 30
		}, ok, "", ""},
		{"SF4", "more", cert(func(c *opco.Certificat) { c.Heures = 15 * heure }), warn, "", "seules les heures accordées"},
		{"SF5", "the price granted", rien, ok, "", ""},
		{"SF5", "a higher price", fact(func(f *opco.Facture) { f.Lignes[0].Montant = 70000 }), warn, opco.MotifSFTarif, "50,00"},
		{"SF5", "a higher price, hours not said", fact(func(f *opco.Facture) { f.Lignes = []opco.LigneFacture{peda(130000)} }), warn, opco.MotifSFTarif, "tarif"},
		{"SF5", "no invoice", func(d *opco.Dossier, _ *opco.Faits) { d.Factures = nil }, attendu, opco.MotifSFFactureAbsente, ""},
		{"SF6", "the same people", rien, ok, "", ""},
		{"SF6", "one is not invoiced", fact(func(f *opco.Facture) { f.Lignes = f.Lignes[:1] }), warn, opco.MotifSFParticipants, "1 sur 2"},
		{"SF6", "a stranger", fact(func(f *opco.Facture) { f.Lignes[1].Stagiaire = "Paul X" }), warn, opco.MotifSFParticipants, "Paul X"},
		{"SF7", "same nature", rien, ok, "", ""},
		{"SF7", "another nature", cert(func(c *opco.Certificat) { c.Nature = opco.NatureVAE }), block, opco.MotifSFNature, "VAE au lieu de FORMATION"},
		{"SF7", "no nature", cert(func(c *opco.Certificat) { c.Nature = "" }), block, opco.MotifSFNature, "aucune"},
		{"SF7", "an AFEST is certified as a formation", func(d *opco.Dossier, _ *opco.Faits) { d.Demande.Nature = opco.NatureAFEST }, ok, "", ""},
		{"SF8", "signed the day after", rien, ok, "", ""},
		{"SF8", "signed on the last day", cert(func(c *opco.Certificat) { c.SigneLe = "2026-04-14" }), ok, "", ""},
		{"SF8", "not signed", cert(func(c *opco.Certificat) { c.Signe = false }), block, opco.MotifSFCertificatNonSigne, "Boris Petit"},
		{"SF8", "not dated", cert(func(c *opco.Certificat) { c.SigneLe = "" }), block, opco.MotifSFCertificatNonSigne, ""},
		{"SF8", "signed before the end", cert(func(c *opco.Certificat) { c.SigneLe = "2026-04-13" }), block, opco.MotifSFCertificatAnticipe, "13 avril 2026"},
		{"SF8", "issued by another organisme", cert(func(c *opco.Certificat) { c.Emetteur = siretOF2 }), block, opco.MotifSFCertificatEmetteur, "999\u00a0001\u00a0431"},
		{"SF8", "issued by another site of the organisme", cert(func(c *opco.Certificat) { c.Emetteur = siretOF1b }), ok, "", ""},
		{"SF8", "a formation interne is certified by the company", func(d *opco.Dossier, _ *opco.Faits) {
			d.Demande.Interne = true
			d.Certificats[0].Emetteur, d.Certificats[1].Emetteur = siretE1, siretE1
		}, ok, "", ""},
		{"SF9", "not asked for", rien, sansObjet, "", ""},
		{"SF9", "asked for", func(d *opco.Dossier, _ *opco.Faits) {
			d.Complement = &opco.Complement{Pieces: []opco.PieceDemandee{{Type: opco.PieceEmargement}}}
		}, attendu, opco.MotifSFEmargementAbsent, "émargement"},
		{"SF9", "asked for and received", func(d *opco.Dossier, _ *opco.Faits) {
			d.Complement = &opco.Complement{Pieces: []opco.PieceDemandee{{Type: opco.PieceEmargement, Recue: "p1"}}}
		}, ok, "", ""},
		{"SF10", "right sums", rien, ok, "", ""},
		{"SF10", "a wrong total", fact(func(f *opco.Facture) { f.TotalHT = 120100 }), block, opco.MotifSFTotal, "au lieu de"},
		{"SF11", "nothing elsewhere", rien, ok, "", ""},
		{"SF11", "the same person elsewhere", func(_ *opco.Dossier, fa *opco.Faits) {
			fa.Chevauchements = []opco.Chevauchement{{Stagiaire: "b", Dossier: "AF26-000200", Du: "2026-04-13", Au: "2026-04-13"}}
		}, warn, opco.MotifSFChevauchement, "Boris Petit"},
		{"SF11", "a file already seen", func(d *opco.Dossier, fa *opco.Faits) {
			d.Certificats[0].Empreinte, fa.CertificatsConnus = "abc", []string{"abc"}
		}, warn, opco.MotifSFChevauchement, "Ana Ruiz"},
		{"SF12", "valid throughout", rien, ok, "", ""},
		{"SF12", "S07 ended before the training", func(_ *opco.Dossier, fa *opco.Faits) { fa.Organisme.Qualiopi[0].Au = "2026-04-12" }, block, opco.MotifSFQualiopi, "12 avril 2026"},
		{"SF12", "ended during the training", func(_ *opco.Dossier, fa *opco.Faits) { fa.Organisme.Qualiopi[0].Au = "2026-04-13" }, block, opco.MotifSFQualiopi, ""},
		{"SF12", "renewed on the day after", func(_ *opco.Dossier, fa *opco.Faits) {
			fa.Organisme.Qualiopi[0].Au = "2026-04-13"
			fa.Organisme.Qualiopi = append(fa.Organisme.Qualiopi, opco.Qualiopi{Nature: opco.NatureFormation, Du: "2026-04-14", Au: "2029-04-13"})
		}, ok, "", ""},
		{"SF12", "held for another nature", func(_ *opco.Dossier, fa *opco.Faits) { fa.Organisme.Qualiopi[0].Nature = opco.NatureVAE }, block, opco.MotifSFQualiopi, ""},
		{"SF12", "NDA not active", func(_ *opco.Dossier, fa *opco.Faits) { fa.Organisme.NDAActive = false }, block, opco.MotifOFNonDeclare, ""},
		{"SF12", "suspended", func(_ *opco.Dossier, fa *opco.Faits) { fa.Organisme.Suspendu = true }, block, opco.MotifOFSuspendu, ""},
		{"SF12", "unknown to the OPCO", func(_ *opco.Dossier, fa *opco.Faits) { fa.Organisme = nil }, block, opco.MotifOFNonDeclare, ""},
		{"SF12", "formation interne", func(d *opco.Dossier, fa *opco.Faits) { d.Demande.Interne, fa.Organisme = true, nil }, sansObjet, "", ""},
		{"SF13", "seven hours a day", rien, ok, "", ""},
		{"SF13", "twelve hours a day", cert(func(c *opco.Certificat) { c.Heures = 24 * heure }), ok, "", ""},
		{"SF13", "more than twelve hours a day", cert(func(c *opco.Certificat) { c.Heures = 24*heure + 1 }), warn, "", "12 h"},
	}
	rang := map[opco.Resultat]int{sansObjet: 0, ok: 1, attendu: 2, warn: 3, block: 4}
	for _, tt := range tests {
		t.Run(tt.code+" "+tt.name, func(t *testing.T) {
			d, fa := deuxStagiaires(), lesFaits()
			d.Factures = []opco.Facture{facture("F1", pedaDe("Ana Ruiz", 14*heure, 60000), pedaDe("Boris Petit", 14*heure, 60000))}
			tt.change(d, &fa)
			siens := resultats(opco.ControlerServiceFait(d, fa), tt.code)
			if len(siens) == 0 {
				t.Fatal("the check says nothing")
			}
			pire := siens[0]
			for _, c := range siens {
				if rang[c.Resultat] > rang[pire.Resultat] {
					pire = c
				}
			}
			if pire.Resultat != tt.want || pire.Motif != tt.motif || !strings.Contains(pire.Phrase, tt.phrase) {
				t.Errorf("got %s %q « %s » (%s), want %s %q « %s »", pire.Resultat, pire.Motif, pire.Phrase, pire.Preuve, tt.want, tt.motif, tt.phrase)
			}
			if pire.Nom == "" || pire.Preuve == "" || !strings.HasSuffix(pire.Phrase, ".") {
				t.Errorf("incomplete: %+v", pire)
			}
		})
	}
}

// The thirteen checks come in their order, one per stagiaire where it applies.
func TestControlerServiceFaitOrdre(t *testing.T) {
	d := avecFacture(deuxStagiaires(), facture("F1", peda(120000)))
	want := "SF1 SF1 SF2 SF2 SF3 SF3 SF4 SF4 SF5 SF6 SF7 SF7 SF8 SF8 SF9 SF10 SF11 SF12 SF13 SF13"
	var codes []string
	for _, c := range opco.ControlerServiceFait(d, lesFaits()) {
		codes = append(codes, c.Code)
	}
	if got := strings.Join(codes, " "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

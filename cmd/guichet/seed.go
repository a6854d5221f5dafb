package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"guichet/banque"
	"guichet/cmd/internal/env"
	"guichet/opco"
	"guichet/store"
)

// seedCmd sows the volume set of domain.md 6.2, AF dossiers only.
type seedCmd struct {
	Dossiers int    `help:"Nombre de dossiers." default:"4000"`
	Graine   uint64 `help:"Graine du hasard : la même donne le même jeu le même jour, et ne se sème qu’une fois par base." default:"1"`
}

// Help says what the set is and is not.
func (seedCmd) Help() string {
	return `Sème un jeu de volume : des entreprises, des organismes et des dossiers AF (plan de développement des compétences)
sur les dix-huit mois qui précèdent la date du service, dans tous les états, avec leurs journaux, leurs écritures, leurs
factures, leurs lots et les réponses de la banque. Ni apprentissage, ni contrat de professionnalisation, ni reconversion,
ni indu. Aucun courriel ne part. « guichet verify --repos » tient après le semis.

Un grand jeu se sème par vagues de 5 000 dossiers, chacune dans une transaction : la mémoire reste bornée. Arrêté, le semis
reprend à la première vague qui manque quand on le redemande dans les mêmes termes.`
}

// Run loads the reference data if need be, sows, and says what was sown.
func (c seedCmd) Run(ctx context.Context) error {
	cfg, err := env.Lire()
	if err != nil {
		return err
	}
	s, err := ouvrirStore(ctx, cfg, 4)
	if err != nil {
		return err
	}
	defer s.Close()
	f, err := store.OuvrirFichiers(cfg.Fichiers)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := s.ChargerDemo(ctx); err != nil {
		return err
	}
	debut := time.Now()
	b, err := s.Semer(ctx, store.Semis{Dossiers: c.Dossiers, Graine: c.Graine, Fichiers: f, Document: documentEssai, Ordre: banque.Fichier,
		Progres: func(b store.BilanSemis) { ecrireProgres(os.Stderr, b.Dossiers, c.Dossiers, time.Since(debut)) },
		Repondre: func(pain001 []byte, rejets map[string]string, quand time.Time) ([]byte, []byte, error) {
			return banque.Simulateur{Rejets: rejets}.Repondre(pain001, quand)
		},
		Lire: func(b []byte) (opco.RetourBancaire, error) { return banque.Lire(bytes.NewReader(b)) }})
	if err != nil {
		return err
	}
	ecrireBilan(os.Stdout, b, time.Since(debut))
	return nil
}

// ecrireProgres says how far a large set is, and when it will be there.
func ecrireProgres(w io.Writer, fait, total int, depuis time.Duration) {
	if fait < total {
		reste := time.Duration(float64(depuis) * float64(total-fait) / float64(max(fait, 1)))
		fmt.Fprintf(w, "%d dossiers sur %d, encore %s environ.\n", fait, total, reste.Round(time.Second))
	}
}

func ecrireBilan(w io.Writer, b store.BilanSemis, duree time.Duration) {
	secondes := strings.Replace(fmt.Sprintf("%.1f", duree.Seconds()), ".", ",", 1)
	fmt.Fprintf(w, "Jeu de volume semé en %s s, du %s au %s.\n\n", secondes, b.Du.Longue(), b.Au.Longue())
	for _, l := range []struct {
		nom string
		n   int
	}{{"Entreprises", b.Entreprises}, {"Organismes", b.Organismes}, {"Dossiers", b.Dossiers}, {"Actes", b.Actes}, {"dont refusés", b.Refus},
		{"Passages du journal", b.Passages}, {"Écritures", b.Ecritures}, {"Factures", b.Factures}, {"Règlements", b.Reglements}, {"Lots", b.Lots},
		{"Courriers (non envoyés)", b.Courriers}} {
		fmt.Fprintf(w, "%s %7d\n", colonne(l.nom, 26), l.n)
	}
	fmt.Fprintln(w)
	for _, e := range opco.Etats() {
		if n := b.Etats[e]; n > 0 {
			fmt.Fprintf(w, "%s %7d\n", colonne(e.String(), 26), n)
		}
	}
}

// sansParenthese drops what would end a string of a PDF.
func sansParenthese(r rune) rune {
	if strings.ContainsRune(`()\`, r) {
		return -1
	}
	return r
}

// documentEssai draws a PDF of one page that says its title.
func documentEssai(titre string) ([]byte, error) {
	texte := fmt.Sprintf("BT /F1 18 Tf 72 770 Td (%s) Tj ET", opco.SepaTexte(strings.Map(sansParenthese, titre)+" - document d'essai", 80))
	objets := []string{
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
		fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", len(texte), texte),
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
	}
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	table := "0000000000 65535 f \n"
	for i, o := range objets {
		table += fmt.Sprintf("%010d 00000 n \n", b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	fin := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n%strailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objets)+1, table, len(objets)+1, fin)
	return b.Bytes(), nil
}

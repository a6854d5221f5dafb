package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"guichet/banque"
	"guichet/cmd/internal/env"
	"guichet/opco"
	"guichet/store"
)

// comparerBanque holds the folder of the bank, or the copy of another machine, to the base: after a
// restore it says what left that the base has forgotten. It needs neither the engine nor a worker.
func (v verifyCmd) comparerBanque(ctx context.Context) error {
	cfg, err := env.Lire()
	if err != nil {
		return err
	}
	s, err := ouvrirStore(ctx, cfg, 2)
	if err != nil {
		return err
	}
	defer s.Close()
	return comparerDeparts(ctx, os.Stdout, s, v.Banque)
}

// comparerDeparts ends with 0 when nothing is left to decide, 1 when something is, 2 when the folder
// cannot be read.
func comparerDeparts(ctx context.Context, w io.Writer, s *store.Store, dossier string) error {
	if emis := filepath.Join(dossier, "emis"); estDossier(emis) {
		dossier = emis
	}
	noms, err := os.ReadDir(dossier)
	if err != nil {
		fmt.Fprintf(w, "Le dossier de la banque ne se lit pas : %v.\n", err)
		return code(2)
	}
	b := bilanDeparts{w: w, sorts: map[opco.SortDepart]int{}}
	var presents []string
	for _, n := range noms {
		if n.IsDir() || strings.HasPrefix(n.Name(), ".") { // a file that is being written is not seen yet
			continue
		}
		f, err := lireParti(filepath.Join(dossier, n.Name()))
		if err != nil {
			fmt.Fprintf(w, "%s ne se lit pas : %v.\n", n.Name(), err)
			return code(2)
		}
		d, err := s.ComparerDepart(ctx, f)
		if err != nil {
			return err
		}
		presents = append(presents, f.Lot)
		b.dire(n.Name(), d)
	}
	manquants, err := s.DepartsManquants(ctx, presents)
	if err != nil {
		return err
	}
	for _, d := range manquants {
		b.dire(d.Lot+".xml", d)
	}
	return b.conclure()
}

func estDossier(chemin string) bool {
	i, err := os.Stat(chemin)
	return err == nil && i.IsDir()
}

// lireParti reads a file of the folder of the bank. One that is no order of Guichet has no transfers.
func lireParti(chemin string) (store.FichierParti, error) {
	octets, err := os.ReadFile(chemin)
	if err != nil {
		return store.FichierParti{}, err
	}
	h := sha256.Sum256(octets)
	f := store.FichierParti{Lot: strings.TrimSuffix(filepath.Base(chemin), ".xml"), Empreinte: hex.EncodeToString(h[:])}
	if vs, err := banque.LireOrdre(octets); err == nil {
		f.Virements = vs
	}
	return f, nil
}

// bilanDeparts says each file, and sums up.
type bilanDeparts struct {
	w         io.Writer
	sorts     map[opco.SortDepart]int
	virements int // that left and about which nobody has decided
	somme     opco.Montant
	ecarts    int
}

func (b *bilanDeparts) dire(nom string, d store.DepartVu) {
	b.sorts[d.Sort]++
	lot := "aucun lot de ce numéro dans la base"
	if d.Etat != "" {
		lot = "lot « " + d.Etat.String() + " »"
	}
	mot := string(d.Sort)
	if !d.Sort.Regle() {
		b.ecarts++
		mot = strings.ToUpper(mot)
	}
	fmt.Fprintf(b.w, "%s %s %s\n", colonne(nom, 24), colonne(mot, 16), lot)
	if !d.Sort.Echappe() {
		return
	}
	for _, v := range d.Virements {
		factures := strings.Join(opco.FacturesRemises(v.EndToEndID, v.Remise), " ; ")
		fmt.Fprintf(b.w, "     · %s  %s  %s\n", v.EndToEndID, v.Montant, factures)
		b.virements++
		b.somme += v.Montant
	}
}

// conclure sums up, and says what to do.
func (b *bilanDeparts) conclure() error {
	var mots []string
	for _, s := range []opco.SortDepart{opco.DepartConnu, opco.DepartAttendu, opco.DepartTenu, opco.DepartInconnu, opco.DepartAutre, opco.DepartManquant, opco.DepartIllisible} {
		mots = append(mots, fmt.Sprintf("%s : %d", s, b.sorts[s]))
	}
	fmt.Fprintf(b.w, "\n%s.\n", strings.Join(mots, ", "))
	if b.virements > 0 {
		fmt.Fprintf(b.w, "%s pour %s que la base ignore. Ils sont notés : les paiements ne se rouvrent pas avant que deux personnes, connectées au guichet, aient demandé « %s ».\n",
			nombre(b.virements, "virement"), b.somme, opco.VerbeTenirPartis.Libelle())
	}
	if b.sorts[opco.DepartManquant] > 0 {
		fmt.Fprintln(b.w, "Un fichier absent est peut-être parti : demandez à la banque si elle l’a reçu avant de rouvrir les paiements.")
	}
	if b.sorts[opco.DepartIllisible] > 0 {
		fmt.Fprintln(b.w, "Un fichier illisible n’a pas été écrit par Guichet, ou il est abîmé : lisez-le avant de rouvrir les paiements.")
	}
	if b.ecarts > 0 {
		return code(1)
	}
	return nil
}

package store

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"

	"github.com/lib/pq"

	"guichet/opco"
)

// lotVerifie is a lot with all that must agree with it. The file is nil when
// none is archived.
type lotVerifie struct {
	ID        string       `db:"id"`
	Etat      string       `db:"etat"`
	Rang      int64        `db:"rang"`
	Nombre    int          `db:"nombre"`
	Somme     opco.Montant `db:"somme"`
	Prochaine int64        `db:"prochaine"`
	Resume    []byte       `db:"resume"`
	Contenu   []byte       `db:"contenu"`
	Empreinte string       `db:"empreinte"`
	Archive   string       `db:"archive"`
	Octets    []byte       `db:"octets"`

	objet    string
	l        *opco.Lot
	passages []lignePassage
}

// lotsParTranche bounds the payment files in memory.
const lotsParTranche = 10

// lots holds every lot to its journal, its projection and its file.
func (t *tournee) lots(ctx context.Context) error {
	if t.v.Ordre == nil {
		t.renoncer("I5", "aucun moyen de refaire les fichiers de virement n’est indiqué")
	}
	dernier := ""
	for {
		ls, err := t.lireLots(ctx, dernier)
		if err != nil || len(ls) == 0 {
			return err
		}
		for i := range ls {
			t.tenirLot(&ls[i])
			if err := t.tenirSignatures(ctx, &ls[i]); err != nil {
				return err
			}
		}
		if err := t.tenirLignes(ctx, ls); err != nil {
			return err
		}
		dernier = ls[len(ls)-1].ID
	}
}

func (t *tournee) lireLots(ctx context.Context, apres string) ([]lotVerifie, error) {
	var ls []lotVerifie
	err := t.tx.SelectContext(ctx, &ls, `
		SELECT l.id, l.etat, l.rang, l.nombre, l.somme, l.resume, l.contenu, l.empreinte,
		       COALESCE((extract(epoch FROM l.prochaine_echeance) * 1000000)::bigint, 0) AS prochaine,
		       COALESCE(f.empreinte, '') AS archive, f.octets
		FROM lot l LEFT JOIN fichier_bancaire f ON f.lot = l.id
		WHERE l.id > $1 AND ($2::text[] IS NULL OR 'lot/' || l.id = ANY ($2))
		ORDER BY l.id LIMIT $3`, apres, t.perimetre(), lotsParTranche)
	if err != nil {
		return nil, fmt.Errorf("reading lots: %w", err)
	}
	objets := make([]string, len(ls))
	parObjet := map[string]*lotVerifie{}
	for i := range ls {
		l := &ls[i]
		l.objet = opco.ObjetLot(l.ID)
		if x, err := lireLot(l.Contenu); err == nil {
			l.l = x
		}
		objets[i], parObjet[l.objet] = l.objet, l
	}
	ps, err := t.passagesDe(ctx, objets)
	for _, p := range ps {
		parObjet[p.Objet].passages = append(parObjet[p.Objet].passages, p)
	}
	return ls, err
}

func (t *tournee) tenirLot(x *lotVerifie) {
	nom := "lot " + x.ID
	t.tenirJournal(x.objet, nom, x.passages, cycleLot)
	t.examiner("I15", 1)
	if x.l == nil {
		t.rompre("I15", x.objet, "%s : son contenu est illisible", nom)
		return
	}
	l, du := x.l, enCanonique(x.l.Resume())
	attendue := int64(0)
	if len(l.Echeances) > 0 {
		attendue = l.Echeances[0].Le.UnixMicro()
	}
	if x.Etat != string(l.Etat) || x.Rang != l.Rang || x.Nombre != len(l.Lignes) || x.Somme != l.Somme() || x.Prochaine != attendue ||
		!bytes.Equal(canonique(x.Resume), du) {
		t.rompre("I15", x.objet, "%s : le tableau n’est pas ce que dit le lot", nom)
	}
	if n := len(x.passages); n == 0 || x.passages[n-1].Vers != x.Etat || x.passages[n-1].Rang != x.Rang ||
		!bytes.Equal(canonique(x.passages[n-1].Resume), du) {
		t.rompre("I15", x.objet, "%s : le journal ne finit pas où en est le lot", nom)
	}
	t.tenirFichier(x, nom)
}

// tenirFichier holds a lot to I5: the archived bytes are what its rows give,
// hash, count and control sum included.
func (t *tournee) tenirFichier(x *lotVerifie, nom string) {
	parti := opco.EtatLot(x.Etat).Parti()
	if !parti && x.Archive == "" {
		return
	}
	t.examiner("I5", 1)
	non := func(format string, args ...any) { t.rompre("I5", x.objet, nom+" : "+format, args...) }
	switch {
	case x.Archive == "":
		non("émis sans fichier archivé")
		return
	case sha256Hex(x.Octets) != x.Archive:
		non("le fichier archivé n’a plus son empreinte")
	case parti && (x.Empreinte != x.Archive || x.l.Fichier != x.Archive):
		non("l’empreinte validée n’est pas celle du fichier archivé")
	}
	if parti {
		if err := x.l.Intact(); err != nil {
			non("ce qui a été émis n’est pas ce qui a été validé")
		}
	}
	virements := len(x.l.Virements())
	if n, somme, err := totauxDuFichier(x.Octets); err != nil || n != virements || somme != x.Somme {
		non("le fichier annonce %d virements pour %s, le lot %d pour %s", n, somme, virements, x.Somme)
	}
	if t.v.Ordre == nil {
		return
	}
	if octets, err := t.v.Ordre(x.l); err != nil || !bytes.Equal(octets, x.Octets) {
		non("le fichier refait depuis le lot n’est pas celui qui est archivé")
	}
}

// totauxDuFichier reads the count and the control sum that the header of a
// pain.001 announces.
func totauxDuFichier(octets []byte) (int, opco.Montant, error) {
	var doc struct {
		Nombre int    `xml:"CstmrCdtTrfInitn>GrpHdr>NbOfTxs"`
		Somme  string `xml:"CstmrCdtTrfInitn>GrpHdr>CtrlSum"`
	}
	if err := xml.Unmarshal(octets, &doc); err != nil {
		return 0, 0, err
	}
	centimes, err := strconv.ParseInt(strings.Replace(doc.Somme, ".", "", 1), 10, 64)
	return doc.Nombre, opco.Montant(centimes), err
}

// tenirLignes holds the lots that left to I7, règlement by règlement: the table
// says of each what the lot says.
func (t *tournee) tenirLignes(ctx context.Context, ls []lotVerifie) error {
	ids := make([]string, len(ls))
	for i, l := range ls {
		ids[i] = l.ID
	}
	var rs []struct {
		ID      string       `db:"id"`
		Lot     string       `db:"lot"`
		Etat    string       `db:"etat"`
		Montant opco.Montant `db:"montant"`
	}
	err := t.tx.SelectContext(ctx, &rs, `SELECT id, lot, etat, montant FROM reglement WHERE lot = ANY ($1)`, pq.Array(ids))
	if err != nil {
		return fmt.Errorf("reading the règlements of lots: %w", err)
	}
	type ligne struct {
		lot, etat string
		montant   opco.Montant
	}
	lignes := map[string]ligne{}
	for _, r := range rs {
		lignes[r.Lot+" "+r.ID] = ligne{r.Lot, r.Etat, r.Montant}
	}
	for _, x := range ls {
		if x.l == nil || x.l.Etat == opco.LotAnnule || x.l.Etat == opco.LotExpire {
			continue
		}
		for _, l := range x.l.Lignes {
			if r := lignes[x.ID+" "+l.Reglement]; r.etat != string(l.Etat) || r.montant != l.Montant {
				t.rompre("I7", x.objet, "lot %s : le règlement %s est « %s » pour %s dans le lot, « %s » pour %s dans le tableau",
					x.ID, l.Numero, l.Etat, l.Montant, r.etat, r.montant)
			}
		}
	}
	return nil
}

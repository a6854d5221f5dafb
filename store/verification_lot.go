package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/xml"
	"errors"
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
	Octets    []byte       `db:"octets"` // the first piece
	Hachee    string       `db:"hachee"` // SHA-256 of all the pieces

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
		for i := range ls { // the lines of one lot at a time
			if ls[i].l != nil {
				if err := lireLignes(ctx, t.tx, ls[i].l, `true`); err != nil {
					return err
				}
			}
			t.tenirLot(&ls[i])
			if err := t.tenirSignatures(ctx, &ls[i]); err != nil {
				return err
			}
			if err := t.tenirLignes(ctx, ls[i:i+1]); err != nil {
				return err
			}
			ls[i].l = nil
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
	if err := t.hacher(ctx, ls); err != nil {
		return nil, err
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
	if x.Etat != string(l.Etat) || x.Rang != l.Rang || x.Nombre != l.Nombre() || len(l.Reste) > 0 || x.Somme != l.Somme() || x.Prochaine != attendue ||
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
	case x.Hachee != x.Archive:
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
	if virements != x.l.Transferts {
		non("son contenu compte %d virements, ses lignes en font %d", x.l.Transferts, virements)
	}
	if n, somme, err := totauxDuFichier(x.Octets); err != nil || n != virements || somme != x.Somme {
		non("le fichier annonce %d virements pour %s, le lot %d pour %s", n, somme, virements, x.Somme)
	}
	if t.v.Ordre == nil {
		return
	}
	h := sha256.New()
	if err := t.v.Ordre(h, x.l); err != nil || hex.EncodeToString(h.Sum(nil)) != x.Hachee {
		non("le fichier refait depuis le lot n’est pas celui qui est archivé")
	}
}

// hacher hashes the archived files of lots, piece after piece.
func (t *tournee) hacher(ctx context.Context, ls []lotVerifie) error {
	for i := range ls {
		h := sha256.New()
		h.Write(ls[i].Octets)
		for rang := 1; ls[i].Archive != ""; rang++ {
			var b []byte
			err := t.tx.GetContext(ctx, &b, `SELECT octets FROM fichier_bancaire_suite WHERE lot = $1 AND rang = $2`, ls[i].ID, rang)
			if errors.Is(err, sql.ErrNoRows) {
				break
			}
			if err != nil {
				return fmt.Errorf("reading the payment file of %s: %w", ls[i].ID, err)
			}
			h.Write(b)
		}
		ls[i].Hachee = hex.EncodeToString(h.Sum(nil))
	}
	return nil
}

// totauxDuFichier reads the count and the control sum that the header of a
// pain.001 announces, at its beginning.
func totauxDuFichier(octets []byte) (int, opco.Montant, error) {
	var t struct {
		Nombre int    `xml:"NbOfTxs"`
		Somme  string `xml:"CtrlSum"`
	}
	d := xml.NewDecoder(bytes.NewReader(octets))
	for {
		tok, err := d.Token()
		if err != nil {
			return 0, 0, err
		}
		if e, ok := tok.(xml.StartElement); ok && e.Name.Local == "GrpHdr" {
			if err := d.DecodeElement(&t, &e); err != nil {
				return 0, 0, err
			}
			centimes, err := strconv.ParseInt(strings.Replace(t.Somme, ".", "", 1), 10, 64)
			return t.Nombre, opco.Montant(centimes), err
		}
	}
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

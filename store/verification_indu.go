package store

import (
	"bytes"
	"context"
	"fmt"

	"github.com/lib/pq"

	"guichet/opco"
)

var cycleIndu = cycle{
	passe: func(de string, a opco.TypeActe, _ string) bool {
		_, ok := opco.PasseIndu(opco.EtatIndu(de), a)
		return ok
	},
	admet: func(de string, a opco.TypeActe, r opco.Role) error { return opco.EtatIndu(de).Admet(a, r) },
	final: func(e string) bool { return opco.EtatIndu(e).Final() },
}

// induVerifie is a debt with all that must agree with it.
type induVerifie struct {
	ID        string       `db:"id"`
	Etat      string       `db:"etat"`
	Rang      int64        `db:"rang"`
	Dossier   string       `db:"dossier"`
	Montant   opco.Montant `db:"montant"`
	Recouvre  opco.Montant `db:"recouvre"`
	Reste     opco.Montant `db:"reste"`
	Prochaine int64        `db:"prochaine"`
	Resume    []byte       `db:"resume"`
	Contenu   []byte       `db:"contenu"`
	// Compense and Rembourse are what payments and bank entries gave for it.
	Compense  opco.Montant `db:"compense"`
	Rembourse opco.Montant `db:"rembourse"`
	Annule    opco.Montant `db:"annule"` // what the bank gave back of the payment itself

	i        *opco.Indu
	passages []lignePassage
}

// indus holds every debt to its journal, its projection, the ledger and what was
// recovered, some at a time.
func (t *tournee) indus(ctx context.Context) error {
	dernier := ""
	for {
		xs, err := t.lireIndus(ctx, dernier)
		if err != nil || len(xs) == 0 {
			return err
		}
		for _, x := range xs {
			t.tenirIndu(x)
		}
		dernier = xs[len(xs)-1].ID
	}
}

const colonnesInduVerifie = `i.id, i.etat, i.rang, i.dossier, i.montant, i.recouvre, i.reste, i.resume, i.contenu,
	COALESCE((extract(epoch FROM i.prochaine_echeance) * 1000000)::bigint, 0) AS prochaine,
	COALESCE((SELECT sum(c.montant) FROM compensation c WHERE c.indu = i.id AND c.appliquee), 0)::bigint AS compense,
	COALESCE((SELECT sum(r.montant) FROM remboursement r WHERE r.indu = i.id), 0)::bigint AS rembourse,
	COALESCE((SELECT sum(r.montant) FROM reprise r WHERE r.indu = i.id AND r.appliquee), 0)::bigint AS annule`

func (t *tournee) lireIndus(ctx context.Context, apres string) ([]*induVerifie, error) {
	var xs []*induVerifie
	err := t.tx.SelectContext(ctx, &xs, `
		SELECT `+colonnesInduVerifie+` FROM indu i
		WHERE i.id > $1 AND ($2::text[] IS NULL OR 'dossier/' || i.dossier = ANY ($2) OR 'indu/' || i.id = ANY ($2))
		ORDER BY i.id LIMIT $3`, apres, t.perimetre(), tranche)
	if err != nil {
		return nil, fmt.Errorf("reading indus: %w", err)
	}
	objets, parObjet := make([]string, len(xs)), map[string]*induVerifie{}
	for k, x := range xs {
		if i, err := lireIndu(x.Contenu); err == nil {
			x.i = i
		}
		objets[k] = opco.ObjetIndu(x.ID)
		parObjet[objets[k]] = x
	}
	ps, err := t.passagesDe(ctx, objets)
	for _, p := range ps {
		parObjet[p.Objet].passages = append(parObjet[p.Objet].passages, p)
	}
	return xs, err
}

// tenirIndu holds one debt to I1, I13, I14, I15, I19 and I27.
func (t *tournee) tenirIndu(x *induVerifie) {
	objet := opco.ObjetIndu(x.ID)
	nom := "indu " + x.ID
	t.examiner("I15", 1)
	if x.i == nil {
		t.rompre("I15", objet, "%s : son contenu est illisible", nom)
		return
	}
	nom = "indu " + x.i.Numero
	t.tenirJournal(objet, nom, x.passages, cycleIndu)
	du := enCanonique(x.i.Resume())
	attendue := int64(0)
	if len(x.i.Echeances) > 0 {
		attendue = x.i.Echeances[0].Le.UnixMicro()
	}
	if x.Etat != string(x.i.Etat) || x.Rang != x.i.Rang || x.Montant != x.i.Montant || x.Recouvre != x.i.Recouvre() || x.Reste != x.i.Reste() ||
		x.Prochaine != attendue || !bytes.Equal(canonique(x.Resume), du) {
		t.rompre("I15", objet, "%s : le tableau n’est pas ce que dit l’indu", nom)
	}
	if n := len(x.passages); x.Rang > 0 && (n == 0 || x.passages[n-1].Vers != x.Etat || x.passages[n-1].Rang != x.Rang) {
		t.rompre("I15", objet, "%s : le journal ne finit pas où en est l’indu", nom)
	}
	t.examiner("I1", 1)
	if x.Compense+x.Rembourse != x.i.Recouvre() {
		t.rompre("I1", objet, "%s : %s recouvrés, où %s ont été retenus et %s remboursés", nom, x.i.Recouvre(), x.Compense, x.Rembourse)
	}
	if explique := x.i.Recouvre() + opco.Somme(x.i.Annules) + opco.Somme(x.i.Abandons); x.i.Etat.Final() && explique != x.i.Montant &&
		(x.Annule != 0 || len(x.i.Annules)+len(x.i.Abandons) > 0) {
		t.rompre("I1", objet, "%s est fini, et %s sur %s sont expliqués", nom, explique, x.i.Montant)
	}
	if annule := opco.Somme(x.i.Annules); x.Annule > annule {
		t.rompre("I1", objet, "%s : %s repris par la banque, %s annulés", nom, x.Annule, annule)
	}
	t.tenirDeuxPersonnes(x, objet, nom)
}

// tenirDeuxPersonnes holds a debt to I27: who found it does not notify it, who
// proposed to give it up does not confirm.
func (t *tournee) tenirDeuxPersonnes(x *induVerifie, objet, nom string) {
	t.examiner("I27", 1)
	constate, propose := x.i.ConstatePar, opco.Acteur{}
	for _, p := range x.passages {
		switch {
		case p.applique(opco.ActeNotifierIndu) && p.qui().Croise(constate):
			t.rompre("I27", objet, "%s, rang %d : notifié par %s, qui l’a constaté", nom, p.Rang, p.Personne)
		case p.applique(opco.ActeProposerAbandon):
			propose = p.qui()
		case p.applique(opco.ActeConfirmerAbandon) && p.qui().Croise(propose):
			t.rompre("I27", objet, "%s, rang %d : %s confirme l’abandon que la même personne a proposé", nom, p.Rang, p.Personne)
		}
	}
}

// comptesDIndus adds what the debts of dossiers say of the ledger.
func (t *tournee) comptesDIndus(ctx context.Context, parID map[string]*dossierVerifie, ids []string) error {
	var bruts []struct {
		Contenu []byte `db:"contenu"`
	}
	err := t.tx.SelectContext(ctx, &bruts, `SELECT contenu FROM indu WHERE dossier = ANY ($1::uuid[]) ORDER BY id`, pq.Array(ids))
	if err != nil {
		return fmt.Errorf("reading the debts of dossiers: %w", err)
	}
	for _, b := range bruts {
		i, err := lireIndu(b.Contenu)
		if err != nil {
			continue // tenirIndu says so
		}
		parID[i.Dossier].indus = append(parID[i.Dossier].indus, i)
	}
	return nil
}

// tenirIndusDuDossier holds a dossier to I1: each debt that it found is followed,
// for the same sum, unless its own procedure has not begun.
func (t *tournee) tenirIndusDuDossier(x *dossierVerifie) {
	suivis := map[string]opco.Montant{}
	for _, i := range x.indus {
		suivis[i.ID] = i.Montant
	}
	for _, i := range x.d.Indus {
		if suivis[i.ID] != i.Montant {
			t.rompre("I1", x.objet, "%s : l’indu %s de %s n’est pas suivi, ou l’est pour %s", x.nom(), i.ID, i.Montant, suivis[i.ID])
		}
	}
	if len(x.d.Indus) != len(x.indus) {
		t.rompre("I1", x.objet, "%s : %d indus constatés, %d suivis", x.nom(), len(x.d.Indus), len(x.indus))
	}
}

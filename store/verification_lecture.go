package store

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"guichet/opco"
)

// tenirLecture holds a dossier to I15 without the engine: columns = content =
// what the journal says last. The saves of a brouillon are in no journal (T02).
func (t *tournee) tenirLecture(x *dossierVerifie) {
	t.examiner("I15", 1)
	non := func(format string, args ...any) { t.rompre("I15", x.objet, x.nom()+" : "+format, args...) }
	d := x.d
	if x.Etat != string(d.Etat) || x.Rang != d.Rang || x.Numero != d.Numero || x.ID != d.ID {
		non("le tableau dit « %s » au rang %d, le dossier « %s » au rang %d", opco.Etat(x.Etat), x.Rang, d.Etat, d.Rang)
	}
	r := d.Resume()
	if x.Demande != r.Demande || x.Accorde != r.Accorde || x.Engage != r.Engage || x.Accepte != r.Accepte || x.Paye != r.Paye {
		non("les montants du tableau ne sont pas ceux du dossier")
	}
	attendue := int64(0)
	if len(d.Echeances) > 0 {
		attendue = d.Echeances[0].Le.UnixMicro()
	}
	if x.Prochaine != attendue {
		non("la prochaine échéance du tableau n’est pas celle du dossier : son délai ne courrait plus")
	}
	du := enCanonique(r)
	if !bytes.Equal(canonique(x.Resume), du) {
		non("le résumé du tableau n’est pas celui du dossier")
	}
	t.tenirDernierPassage(x, du, non)
	t.tenirProjections(x, non)
}

func (t *tournee) tenirDernierPassage(x *dossierVerifie, du []byte, non func(string, ...any)) {
	if len(x.passages) == 0 {
		non("le journal est vide")
		return
	}
	p := x.passages[len(x.passages)-1]
	if p.Rang != x.Rang || p.Vers != x.Etat {
		non("le tableau dit « %s » au rang %d, le journal finit par « %s » au rang %d", opco.Etat(x.Etat), x.Rang, opco.Etat(p.Vers), p.Rang)
		return
	}
	if x.Etat != string(opco.EtatBrouillon) && !bytes.Equal(canonique(p.Resume), du) {
		non("le dernier passage du journal ne donne pas les montants et les échéances du dossier")
	}
}

// tenirProjections compares the invoices and the règlements of the tables with
// those of the dossier. The dossier follows its règlements by its inbox: while an
// acte waits there, it may be behind.
func (t *tournee) tenirProjections(x *dossierVerifie, non func(string, ...any)) {
	if len(x.d.Factures) != len(x.factures) {
		non("%d factures dans le dossier, %d dans le tableau", len(x.d.Factures), len(x.factures))
	}
	for _, f := range x.d.Factures {
		if p := x.factures[f.ID]; p.Etat != string(f.Etat) || p.Approuve != f.Approuve || p.Impute != f.Impute || p.Rendu != opco.Somme(f.Rendu) || p.NonApprouve != f.NonApprouve {
			non("la facture %s est « %s » dans le dossier, « %s » dans le tableau", f.Numero, f.Etat, opco.EtatFacture(p.Etat))
		}
	}
	if len(x.d.Reglements) != len(x.reglements) {
		non("%d règlements dans le dossier, %d dans le tableau", len(x.d.Reglements), len(x.reglements))
	}
	for _, r := range x.d.Reglements {
		i := slices.IndexFunc(x.reglements, func(p reglementVerifie) bool { return p.ID == r.ID })
		if i < 0 || x.reglements[i].Montant != r.Montant || x.reglements[i].Compense != r.Compense() || x.reglements[i].Numero != r.Numero {
			non("le règlement %s n’est pas dans le tableau comme dans le dossier", r.Numero)
			continue
		}
		if !x.Attend && !memeEtatReglement(r.Etat, opco.EtatReglement(x.reglements[i].Etat)) {
			non("le règlement %s est « %s » dans le dossier, « %s » dans le tableau", r.Numero, r.Etat, x.reglements[i].Etat)
		}
	}
}

// memeEtatReglement reports whether a dossier that says d may have its règlement
// at p in the table: what happens inside a lot is not told to the dossier.
func memeEtatReglement(d, p opco.EtatReglement) bool {
	if d != opco.ReglementAPayer {
		return d == p
	}
	return p.Vivant() && p != opco.ReglementExecute || p == opco.ReglementAnnule
}

func enCanonique(r opco.Resume) []byte {
	b, err := json.Marshal(r)
	if err != nil {
		return nil
	}
	return canonique(b)
}

// repriseMax is how long a due échéance may wait for the relay to start its
// procedure again before the dossier counts as forgotten (I9, I15).
const repriseMax = 15 * time.Minute

// demandeurs is how many procedures are asked at once.
const demandeurs = 8

// moteur compares the open dossiers with their running procedures (I15).
type moteur struct {
	t           *tournee
	panne       error    // the last answer of a procedure that says nothing
	muettes     int      // how many say nothing
	noms        []string // of the first of them
	tournent    int
	sansMoteur  int
	nonDemandes int
	verrou      sync.Mutex
}

// interroger asks the procedures of the open dossiers of xs.
func (m *moteur) interroger(ctx context.Context, xs []*dossierVerifie) error {
	var groupe sync.WaitGroup
	file := make(chan *dossierVerifie)
	for range demandeurs {
		groupe.Go(func() {
			for x := range file {
				m.comparer(ctx, x)
			}
		})
	}
	for _, x := range xs {
		if x.d != nil && !x.d.Etat.Final() && x.d.Etat != opco.EtatBrouillon {
			file <- x
		}
	}
	close(file)
	groupe.Wait()
	return ctx.Err()
}

func (m *moteur) comparer(ctx context.Context, x *dossierVerifie) {
	if m.absent() || m.t.v.Procedure == nil {
		m.noter(func() { m.nonDemandes++ })
		return
	}
	i, tourne, err := m.t.v.Procedure(ctx, x.objet)
	pareil := err == nil && tourne && i.Rang == x.Rang && bytes.Equal(enCanonique(i.Resume), canonique(x.Resume))
	oublie := err == nil && !tourne && m.enRetard(x.d.Echeances)
	if err == nil && tourne && !pareil || oublie {
		pareil = m.rattraper(ctx, x.objet)
	}
	m.verrou.Lock()
	defer m.verrou.Unlock()
	switch {
	case err != nil:
		m.taire(x, err)
	case oublie && !pareil:
		m.t.rompre("I15", x.objet, "%s : aucune procédure ne tourne, et son échéance « %s » est passée depuis plus de 15 minutes",
			x.nom(), x.d.Echeances[0].Code)
	case !tourne:
		m.sansMoteur++
	case !pareil:
		m.t.rompre("I15", x.objet, "%s : la procédure en est au rang %d, « %s » ; le tableau au rang %d, « %s »",
			x.nom(), i.Rang, i.Resume.Etat, x.Rang, opco.Etat(x.Etat))
	default:
		m.tournent++
	}
}

// rappels is how often a procedure that disagrees is asked again, and after how
// long: it may have moved since the snapshot.
const (
	rappels     = 5
	pauseRappel = 200 * time.Millisecond
)

// enRetard reports whether an échéance should have woken its procedure long ago.
func (m *moteur) enRetard(es []opco.Echeance) bool {
	return len(es) > 0 && es[0].Le.Before(m.t.le.Add(-repriseMax))
}

// rattraper reports whether a procedure and the base, both read now, agree: a
// procedure that runs says what the base says; one that does not has ended, or
// nothing is due to wake it.
func (m *moteur) rattraper(ctx context.Context, objet string) bool {
	for range rappels {
		select {
		case <-ctx.Done():
			return false
		case <-time.After(pauseRappel):
		}
		i, tourne, err := m.t.v.Procedure(ctx, objet)
		d, lu := m.t.v.Store.Depart(ctx, objet)
		if err != nil || lu != nil {
			return false
		}
		if !tourne && (d.Resume.Etat.Final() || !m.enRetard(d.Resume.Echeances)) {
			return true
		}
		if tourne && i.Rang == d.Rang && bytes.Equal(enCanonique(i.Resume), enCanonique(d.Resume)) {
			return true
		}
	}
	return false
}

// muettesMax is how many procedures may say nothing before the engine itself is held to be
// away: the others are not asked.
const muettesMax = 20

// taire notes a procedure that says nothing. m is locked.
func (m *moteur) taire(x *dossierVerifie, err error) {
	m.panne = err
	m.muettes++
	if len(m.noms) < exemplesMax {
		m.noms = append(m.noms, x.nom())
	}
}

func (m *moteur) absent() bool {
	m.verrou.Lock()
	defer m.verrou.Unlock()
	return m.muettes >= muettesMax
}

func (m *moteur) noter(f func()) {
	m.verrou.Lock()
	defer m.verrou.Unlock()
	f()
}

// conclure says what could be compared.
func (m *moteur) conclure() error {
	t := m.t
	switch {
	case m.muettes > 0:
		slices.Sort(m.noms)
		t.renoncer("I15", fmt.Sprintf("le moteur n’a pas répondu pour %d dossiers ouverts, dont %s (%v) ; %d n’ont pas été demandés",
			m.muettes, strings.Join(m.noms, ", "), m.panne, m.nonDemandes))
	case m.nonDemandes > 0:
		t.renoncer("I15", fmt.Sprintf("%d dossiers ouverts n’ont pas été comparés à leur procédure : aucun moteur n’est indiqué", m.nonDemandes))
	}
	if m.tournent+m.sansMoteur > 0 {
		t.parCode["I15"].Note = fmt.Sprintf("%d procédures identiques ; %d dossiers ouverts sans procédure, que leur échéance ou leur prochain acte relancera",
			m.tournent, m.sansMoteur)
	}
	return nil
}

package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// Tenue is what a verification says of one invariant. « Non vérifiable » is not
// a pass: nobody looked.
type Tenue string

// The three verdicts of reliability.md 2.4.
const (
	Tenu          Tenue = "tenu"
	Rompu         Tenue = "rompu"
	NonVerifiable Tenue = "non vérifiable"
)

// Invariants whose breach the verification looks for (reliability.md 2.1), in
// the words of the people who read the report.
var invariants = []struct{ code, nom string }{
	{"I1", "Payé et en cours ≤ approuvé ≤ accordé ≤ demandé, au centime, dossier et écritures"},
	{"I2", "Écritures équilibrées ; solde = somme des écritures ; chaque écriture vient d’un passage"},
	{"I3", "Un seul règlement vivant par facture, un seul lot par règlement, références bancaires uniques"},
	{"I4", "Toute facture approuvée est dans un règlement, ou bloquée pour une raison visible"},
	{"I5", "Fichier de virement = ce que dit le lot, octet pour octet ; nombre et somme de contrôle exacts"},
	{"I6", "Chaque fait de la banque appliqué au plus une fois, avec son effet ; l’inexpliqué est en quarantaine"},
	{"I7", "Payé + rejeté + revenu + en attente = émis, lot par lot"},
	{"I8", "Enveloppe par enveloppe : engagé, dépensé et à recouvrer ≤ ce qui y a été mis"},
	{"I9", "Chaque acte reçu a son verdict, son passage unique, ou une phrase de refus"},
	{"I13", "Aucun état ne recule hors du parcours ; toute annulation a un auteur"},
	{"I14", "Journal sans trou ni saut ; chaque passage admis pour son auteur ; un refus ne bouge rien"},
	{"I15", "Tableau = dernier passage = dossier relu = procédure en cours"},
	{"I18", "Une seule décision par version"},
	{"I19", "Chaîne d’empreintes du journal intacte"},
	{"I22", "Aucun secret ne survit à son usage : ni avec un acte jugé, ni dans un courriel parti"},
	{"I23", "Chaque événement a son courrier, parti avec une seule référence ou en échec visible ; aucun courrier d’un passage qui n’a pas eu lieu"},
	{"I24", "Chaque fichier est là, avec son empreinte ; aucune pièce ni lettre sans fichier, aucun fichier de plus d’un jour sans maître"},
	{"I27", "Séparation des fonctions tenue par personne : qui instruit ne paie pas, rôles, délégations, liens déclarés"},
	{"I28", "Aucun droit ni session hors d’un compte ouvert ; un compte ouvert a son identifiant, et un seul"},
	{"I29", "Chaque dossier clos garde l’histoire de sa procédure, intacte"},
	{"I36", "D’un compte effacé il ne reste rien de personnel"},
	{"I38", "Aucun paiement suspendu sans personne qui l’ait décidé, ni oublié après sa revue sans incident"},
	{"I37", "Mots de recherche, files d’argent et compteurs = ce que disent les dossiers, un par un"},
}

// exemplesMax is how many offenders a report names for each invariant.
const exemplesMax = 10

// ecartsMax bounds the offenders that one pass remembers; all are counted.
const ecartsMax = 10_000

// Ecart is one breach: the object it was found on, and what is wrong, in French.
type Ecart struct {
	Code   string `json:"code"`
	Objet  string `json:"objet"`
	Phrase string `json:"phrase"`
}

// ResultatInvariant is the verdict on one invariant. Examines counts what was
// looked at, Ecarts the breaches; Exemples are the first ten; Raison says what
// could not be verified; Note is a fact that breaks nothing.
type ResultatInvariant struct {
	Code     string  `json:"code"`
	Nom      string  `json:"nom"`
	Tenue    Tenue   `json:"tenue"`
	Examines int     `json:"examines"`
	Ecarts   int     `json:"ecarts"`
	Exemples []Ecart `json:"exemples,omitempty"`
	Raison   string  `json:"raison,omitempty"`
	Note     string  `json:"note,omitempty"`
}

// RapportVerification is what a verification found, invariant by invariant, at
// the business instant Le.
type RapportVerification struct {
	Le        time.Time
	Resultats []ResultatInvariant
}

// Tenue returns the worst verdict: broken, then not verifiable, then held.
func (r RapportVerification) Tenue() Tenue {
	pire := Tenu
	for _, x := range r.Resultats {
		if x.Tenue == Rompu {
			return Rompu
		}
		if x.Tenue == NonVerifiable {
			pire = NonVerifiable
		}
	}
	return pire
}

// Verificateur recomputes the invariants of the house from one snapshot of the
// database, the files and the running procedures. It writes nothing. What it is
// not given it declares not verifiable.
type Verificateur struct {
	Store    *Store
	Fichiers *Fichiers                        // nil: I24 is not verifiable
	Ordre    func(io.Writer, *opco.Lot) error // writes the payment file of a lot; nil: I5 is not verifiable
	Dossier  string                           // id or number of the only dossier to verify, "" for all
	EnLigne  bool                             // traffic goes on: what has just moved is looked at again
	Pause    time.Duration                    // before each new look
	// Procedure asks the engine where an object stands; false when no procedure
	// holds it. An error means that the engine cannot be asked. nil: the part of
	// I15 that compares with it is not verifiable.
	Procedure func(ctx context.Context, objet string) (opco.Issue, bool, error)
	// Progres is told how far the verification is, about once a second at most; nil for
	// nobody. Its error stops the verification.
	Progres func(AvancementVerification) error
}

// AvancementVerification is how far a verification is: what it looks at, how many it has
// seen of it, and how many there are, 0 when that is not known.
type AvancementVerification struct {
	Etape       string
	Fait, Total int64
}

// revues is how often an online verification looks again; recent is what it
// looks at again (reliability.md 2.4).
const (
	revues = 3
	recent = 60 * time.Second
)

// Verifier returns the report. An error means that the verification itself did
// not take place.
func (v *Verificateur) Verifier(ctx context.Context) (RapportVerification, error) {
	objets, err := v.perimetre(ctx)
	if err != nil {
		return RapportVerification{}, err
	}
	t, err := v.passer(ctx, objets)
	for range revues {
		if err != nil || !v.EnLigne {
			break
		}
		var suspects []string
		if suspects, err = v.suspects(ctx, t); err != nil || len(suspects) == 0 {
			break
		}
		err = v.revoir(ctx, t, suspects)
	}
	if err != nil {
		return RapportVerification{}, err
	}
	return t.rapport(), nil
}

// perimetre returns the objects to verify, nil for all: a dossier alone brings
// the lots that pay it.
func (v *Verificateur) perimetre(ctx context.Context) ([]string, error) {
	if v.Dossier == "" {
		return nil, nil
	}
	var objets []string
	err := v.Store.DB.SelectContext(ctx, &objets, `
		WITH d AS (SELECT id FROM dossier WHERE id::text = $1 OR numero = upper($1))
		SELECT 'dossier/' || id FROM d
		UNION ALL
		SELECT DISTINCT 'lot/' || r.lot FROM reglement r JOIN d ON d.id = r.dossier WHERE r.lot IS NOT NULL`, v.Dossier)
	if err != nil {
		return nil, fmt.Errorf("looking for dossier %s: %w", v.Dossier, err)
	}
	if len(objets) == 0 {
		return nil, opco.Errorf(opco.NotFound, "Le dossier %s n’existe pas.", v.Dossier)
	}
	return objets, nil
}

// passer makes one pass over the objects, on one snapshot.
func (v *Verificateur) passer(ctx context.Context, objets []string) (*tournee, error) {
	tx, err := v.Store.DB.BeginTxx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return nil, fmt.Errorf("taking a snapshot: %w", err)
	}
	defer tx.Rollback() //nolint:errcheck // read only: nothing to keep
	t := &tournee{v: v, tx: tx, objets: objets, parCode: map[string]*ResultatInvariant{}}
	for _, x := range invariants {
		t.parCode[x.code] = &ResultatInvariant{Code: x.code, Nom: x.nom, Tenue: Tenu}
	}
	d, err := decalage(ctx, tx)
	if err != nil {
		return nil, err
	}
	t.le = time.Now().UTC().Add(d)
	for _, e := range []struct {
		nom   string
		faire func(context.Context) error
	}{{"ensemble", t.requetes}, {"dossiers", t.dossiers}, {"lots", t.lots}, {"indus", t.indus}, {"comptes", t.comptes}, {"fichiers", t.fichiers}} {
		if err := t.commencer(e.nom); err != nil {
			return nil, err
		}
		if err := e.faire(ctx); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// suspects lists the objects of the breaches of t that have moved in the last
// sixty seconds: a second look may clear them.
func (v *Verificateur) suspects(ctx context.Context, t *tournee) ([]string, error) {
	var objets []string
	for _, e := range t.ecarts {
		objets = append(objets, e.Objet)
	}
	var recents []string
	err := v.Store.DB.SelectContext(ctx, &recents, `
		SELECT DISTINCT objet FROM passage WHERE objet = ANY ($1) AND inscrit_le > clock_timestamp() - make_interval(secs => $2)
		UNION
		SELECT DISTINCT objet FROM acte WHERE objet = ANY ($1) AND cree_le > clock_timestamp() - make_interval(secs => $2)`,
		pq.Array(objets), recent.Seconds())
	if err != nil {
		return nil, fmt.Errorf("looking for what has just moved: %w", err)
	}
	return recents, nil
}

// revoir looks again at the suspects and drops the breaches that are gone.
func (v *Verificateur) revoir(ctx context.Context, t *tournee, suspects []string) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(v.Pause):
	}
	n, err := v.passer(ctx, suspects)
	if err != nil {
		return err
	}
	restent := map[[2]string]bool{}
	for _, e := range n.ecarts {
		restent[[2]string{e.Code, e.Objet}] = true
	}
	t.ecarts = slices.DeleteFunc(t.ecarts, func(e Ecart) bool {
		parti := slices.Contains(suspects, e.Objet) && !restent[[2]string{e.Code, e.Objet}]
		if parti {
			t.parCode[e.Code].Ecarts--
		}
		return parti
	})
	return nil
}

// tournee is one pass: its snapshot, what it is limited to and what it found.
type tournee struct {
	v       *Verificateur
	tx      *sqlx.Tx
	objets  []string // nil: everything
	le      time.Time
	parCode map[string]*ResultatInvariant
	ecarts  []Ecart
	avance  AvancementVerification
	dit     time.Time // when Progres was last told
}

// commencer tells that another part begins.
func (t *tournee) commencer(etape string) error {
	t.avance, t.dit = AvancementVerification{Etape: etape}, time.Time{}
	return t.avancer(0)
}

// avancer tells that n more were looked at.
func (t *tournee) avancer(n int) error {
	t.avance.Fait += int64(n)
	if t.v.Progres == nil || t.objets != nil || time.Since(t.dit) < time.Second {
		return nil
	}
	t.dit = time.Now()
	return t.v.Progres(t.avance)
}

// perimetre is the parameter of the queries: NULL for everything.
func (t *tournee) perimetre() any {
	if t.objets == nil {
		return nil
	}
	return pq.Array(t.objets)
}

func (t *tournee) examiner(code string, n int) { t.parCode[code].Examines += n }

// rompre notes a breach of code on an object.
func (t *tournee) rompre(code, objet, format string, args ...any) {
	t.parCode[code].Ecarts++
	if len(t.ecarts) < ecartsMax {
		t.ecarts = append(t.ecarts, Ecart{Code: code, Objet: objet, Phrase: fmt.Sprintf(format, args...)})
	}
}

// renoncer says that code, or a part of it, could not be verified.
func (t *tournee) renoncer(code, raison string) { t.parCode[code].Raison = raison }

func (t *tournee) rapport() RapportVerification {
	r := RapportVerification{Le: t.le}
	slices.SortStableFunc(t.ecarts, func(a, b Ecart) int { return cmp.Compare(a.Objet, b.Objet) })
	for _, x := range invariants {
		res := *t.parCode[x.code]
		for _, e := range t.ecarts {
			if e.Code == x.code && len(res.Exemples) < exemplesMax {
				res.Exemples = append(res.Exemples, e)
			}
		}
		switch {
		case res.Ecarts > 0:
			res.Tenue = Rompu
		case res.Raison != "":
			res.Tenue = NonVerifiable
		}
		r.Resultats = append(r.Resultats, res)
	}
	return r
}

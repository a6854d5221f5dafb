package store_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/lib/pq"

	"guichet/opco"
	"guichet/store"
)

// nombreDeCourses is how many times a race is run: a hundred at each change, as many as
// COURSES says before a release.
func nombreDeCourses() int {
	if n, err := strconv.Atoi(os.Getenv("COURSES")); err == nil && n > 0 {
		return n
	}
	return 100
}

// S05: with 4 800,00 left, two requests of 3 000,00 decided at the same instant
// are granted 3 000,00 and 1 800,00 in some order, each time.
func TestS05Course(t *testing.T) {
	n := nombreDeCourses()
	c := conduire(t)
	c.a("2026-03-09 10:00:00")
	c.s.DB.SetMaxOpenConns(24)
	paires := c.preparerCourses(n)
	debut := time.Now()
	accordes := make([][2]opco.Montant, n)
	enParallele(n, func(i int) { accordes[i] = c.courir(paires[i]) })
	t.Logf("%d races in %s", n, time.Since(debut).Round(time.Millisecond))
	premier := 0
	for i, x := range accordes {
		if x[0]+x[1] != 480_000 || max(x[0], x[1]) != 300_000 {
			t.Errorf("race %d: granted %s and %s, want 3 000,00 and 1 800,00", i, x[0], x[1])
		}
		if x[0] == 300_000 {
			premier++
		}
	}
	t.Logf("the first of each pair won %d of %d", premier, n)
	var engage, reste opco.Montant
	if err := c.s.DB.QueryRow(`SELECT COALESCE(sum(montant) FILTER (WHERE compte = 'ENGAGE'), 0)::bigint,
		COALESCE(sum(montant) FILTER (WHERE compte = 'ENVELOPPE'), 0)::bigint FROM solde WHERE enveloppe LIKE '9001%'`).Scan(&engage, &reste); err != nil {
		t.Fatal(err)
	}
	if want := opco.Montant(n) * 480_000; engage != want || reste != 0 {
		t.Errorf("the ledger has %s engaged and %s left, want %s and nothing", engage, reste, want)
	}
}

// enParallele runs f for 0 … n-1, eight at a time.
func enParallele(n int, f func(int)) {
	var wg sync.WaitGroup
	suivant := make(chan int)
	for range 8 {
		wg.Go(func() {
			for i := range suivant {
				f(i)
			}
		})
	}
	for i := range n {
		suivant <- i
	}
	close(suivant)
	wg.Wait()
}

// preparerCourses gives each of n companies an envelope of 4 800,00 and two
// requests of 3 000,00 in instruction: those of the first go through the rules, the
// others are copies of them, rows and journal.
func (c *conduite) preparerCourses(n int) [][2]string {
	c.t.Helper()
	modele := siretDe(0)
	if err := c.s.EcrireEntreprise(c.ctx, store.FicheEntreprise{Entreprise: opco.Entreprise{SIREN: modele.SIREN(), Nom: "Course", IDCC: "1486",
		Effectif: 7, Adherente: true, AJour: true}, Sites: []opco.SIRET{modele}}); err != nil {
		c.t.Fatal(err)
	}
	e := store.Enveloppe{SIREN: string(modele.SIREN()), Annee: 2026, Fonds: store.FondsMutualise, Ordre: 20, Libelle: "Plan mutualisé 2026"}
	if err := c.s.OuvrirEnveloppe(c.ctx, e, 480_000); err != nil {
		c.t.Fatal(err)
	}
	paires := [][2]string{{c.enInstruction(modele, 0), c.enInstruction(modele, 1)}}
	var de, ids, sirets, numeros []string
	for i := 1; i < n; i++ {
		p := [2]string{uuid.NewString(), uuid.NewString()}
		for k := range p {
			de, ids = append(de, paires[0][k]), append(ids, p[k])
			sirets, numeros = append(sirets, string(siretDe(i))), append(numeros, fmt.Sprintf("C26-%d-%d", i, k))
		}
		paires = append(paires, p)
	}
	c.copier(string(modele), de, ids, sirets, numeros)
	return paires
}

// copier makes of each dossier de[i] the dossier ids[i] of the company of
// sirets[i], with the companies and their envelopes.
func (c *conduite) copier(modele string, de, ids, sirets, numeros []string) {
	c.t.Helper()
	const copies = `WITH x AS (SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS x(de, id, siret, numero)),
		neuves AS (SELECT DISTINCT left(siret, 9) AS siren, left($5, 9) AS modele FROM x) `
	var colonnes string // those that PostgreSQL does not compute itself
	if err := c.s.DB.Get(&colonnes, `SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
		WHERE attrelid = 'dossier'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''`); err != nil {
		c.t.Fatal(err)
	}
	for _, q := range []string{`
		INSERT INTO entreprise SELECT r.* FROM neuves n JOIN entreprise e ON e.siren = n.modele,
		    LATERAL jsonb_populate_record(e, jsonb_build_object('siren', n.siren, 'client', nextval(pg_get_serial_sequence('entreprise', 'client')))) r`, `
		INSERT INTO enveloppe SELECT n.siren || '/2026/MUTUALISE', n.siren, annee, fonds, ordre, libelle
		FROM neuves n JOIN enveloppe e ON e.siren = n.modele`, `
		INSERT INTO ecriture (mouvement, type, compte, enveloppe, montant, objet, rang, le)
		SELECT mouvement || n.siren, type, compte, n.siren || '/2026/MUTUALISE', montant, objet, rang, le
		FROM neuves n JOIN ecriture e ON e.enveloppe = n.modele || '/2026/MUTUALISE'`, `
		INSERT INTO dossier (` + colonnes + `) SELECT ` + colonnes + ` FROM (SELECT r.* FROM x JOIN dossier d ON d.id::text = x.de, LATERAL jsonb_populate_record(NULL::dossier,
		    replace(replace(replace(replace(to_jsonb(d)::text, x.de, x.id), $5, x.siret), left($5, 9), left(x.siret, 9)), d.numero, x.numero)::jsonb) r) r`, `
		INSERT INTO passage SELECT r.* FROM x JOIN passage p ON p.objet = 'dossier/' || x.de,
		    LATERAL jsonb_populate_record(p, jsonb_build_object('objet', 'dossier/' || x.id, 'acte_id', NULL)) r`,
	} {
		if _, err := c.s.DB.Exec(copies+q, pq.Array(de), pq.Array(ids), pq.Array(sirets), pq.Array(numeros), modele); err != nil {
			c.t.Fatalf("%s: %v", q, err)
		}
	}
}

// siretDe gives company i a SIRET whose keys are right.
func siretDe(i int) opco.SIRET {
	for k := range 100 {
		if s, err := opco.ParseSIRET(fmt.Sprintf("9001%04d%d0001%d", i, k/10, k%10)); err == nil {
			return s
		}
	}
	return ""
}

func (c *conduite) enInstruction(siret opco.SIRET, k int) string {
	d := demande()
	d.Etablissement, d.Intitule = siret, fmt.Sprintf("Course %d", k)
	d.Lignes[0].Montant, d.Duree = 300_000, 60*60
	d.Fin = d.Debut.Jours(12)
	d.Stagiaires = []opco.Stagiaire{{ID: "s1", Nom: fmt.Sprintf("Nom%d", k), Prenom: "Ana", Heures: 60 * 60, Peda: 300_000}}
	id := uuid.NewString()
	x := opco.Dossier{ID: id, Demande: d, Pieces: pieces().Pieces}
	a := opco.Acte{ID: uuid.NewString(), Objet: opco.ObjetDossier(id), Type: opco.ActeCreer, Par: opco.Acteur{Personne: "p", Role: opco.RoleEntreprise}}
	if _, err := c.s.AppliquerDirect(c.ctx, a, &x); err != nil {
		c.t.Error(err)
	}
	c.faireSansBruit(id, opco.ActeDeposer, opco.Acteur{Personne: "p", Role: opco.RoleEntreprise}, opco.ChargeDeposer{Certifie: true})
	c.faireSansBruit(id, opco.ActeInstruire, ges, nil)
	return id
}

// faireSansBruit receives and records an acte from any goroutine.
func (c *conduite) faireSansBruit(id string, t opco.TypeActe, par opco.Acteur, charge any) opco.Issue {
	b, err := json.Marshal(charge)
	if err != nil {
		c.t.Error(err)
	}
	objet := opco.ObjetDossier(id)
	r, err := c.s.Recevoir(c.ctx, opco.Acte{ID: uuid.NewString(), Objet: objet, Type: t, Par: par, Charge: b})
	if err != nil {
		c.t.Error(err)
		return opco.Issue{}
	}
	d, err := c.s.Depart(c.ctx, objet)
	if err != nil {
		c.t.Error(err)
	}
	i, err := c.s.Record(c.ctx, opco.Demarche{Objet: objet, Rang: d.Rang + 1, ActeID: r.Acte.ID})
	if err != nil || i.Verdict != opco.VerdictApplique {
		recu, _ := c.s.Acte(c.ctx, r.Acte.ID)
		c.t.Errorf("%s: %v %s %s", t, err, i.Verdict, recu.Phrase)
	}
	return i
}

// courir decides the two dossiers of a pair at the same instant.
func (c *conduite) courir(paire [2]string) (accordes [2]opco.Montant) {
	var wg sync.WaitGroup
	depart := make(chan struct{})
	for k, id := range paire {
		wg.Go(func() {
			<-depart
			accordes[k] = c.faireSansBruit(id, opco.ActeDecider, ges, opco.ChargeDecider{}).Resume.Accorde
		})
	}
	close(depart)
	wg.Wait()
	return accordes
}

// I18: two people decide the same dossier at once. One wins; the other is told
// who, when and what.
func TestDeuxDecisionsALaFois(t *testing.T) {
	c := conduire(t)
	c.a("2026-03-02 10:00:00")
	lea := opco.Acteur{Personne: "p-lea", Nom: "Léa Seconde", Role: opco.RoleGestionnaire}
	for n := range 20 {
		d := demande()
		d.Intitule, d.Lignes[0].Montant = fmt.Sprintf("Décision %d", n), 20_000
		d.Stagiaires = d.Stagiaires[:1]
		d.Stagiaires[0].Nom, d.Stagiaires[0].Peda = fmt.Sprintf("Nom%d", n), 20_000
		id := c.deposer(d, e1)
		recus := []store.Recu{c.recevoir(id, opco.ActeDecider, ges, opco.ChargeDecider{}), c.recevoir(id, opco.ActeDecider, lea, opco.ChargeDecider{})}
		var wg sync.WaitGroup
		for _, r := range recus {
			wg.Go(func() { c.recordObstine(r.Acte) })
		}
		wg.Wait()
		verdicts := map[opco.Verdict]store.Recu{}
		for _, r := range recus {
			lu, err := c.s.Acte(c.ctx, r.Acte.ID)
			if err != nil {
				t.Fatal(err)
			}
			verdicts[lu.Verdict] = lu
		}
		gagne, perd := verdicts[opco.VerdictApplique], verdicts[opco.VerdictRefuse]
		if len(verdicts) != 2 || perd.Code != "ETAPE_INATTENDUE" {
			t.Fatalf("got verdicts %+v, want one applied and one refused", verdicts)
		}
		if !strings.Contains(perd.Phrase, gagne.Acte.Par.Nom+" a déjà décidé ce dossier le 2 mars 2026 à 10 h 0") ||
			!strings.Contains(perd.Phrase, ": accord de 200,00") {
			t.Errorf("the loser reads « %s »; want who decided what and when", perd.Phrase)
		}
	}
}

// recordObstine records an acte at whatever rang is next, as two workers that
// both believe they own the dossier would.
func (c *conduite) recordObstine(a opco.Acte) {
	for range 20 {
		d, err := c.s.Depart(c.ctx, a.Objet)
		if err != nil {
			c.t.Error(err)
			return
		}
		_, err = c.s.Record(c.ctx, opco.Demarche{Objet: a.Objet, Rang: d.Rang + 1, ActeID: a.ID})
		if err == nil {
			return
		}
		if !errors.Is(err, store.ErrTrou) {
			c.t.Error(err)
			return
		}
	}
	c.t.Errorf("acte %s found no rang", a.ID)
}

// An organisation that comes too late reads that its OPCO acted, not the name of
// the person who did.
func TestConflitSansNomPourLEntreprise(t *testing.T) {
	c := conduire(t)
	c.a("2026-03-02 10:00:00")
	id := c.deposer(demande(), e1)
	c.a("2026-03-09 10:04:00")
	c.attendre(c.faire(id, opco.ActeDecider, ges, opco.ChargeDecider{}), opco.EtatAccordee)
	r := c.recevoir(id, opco.ActeJoindre, e1, pieces())
	c.recordObstine(r.Acte)
	lu, err := c.s.Acte(t.Context(), r.Acte.ID)
	if err != nil {
		t.Fatal(err)
	}
	want := "Votre OPCO a déjà décidé ce dossier le 9 mars 2026 à 10 h 04 : accord de "
	if !strings.HasPrefix(lu.Phrase, want) || strings.Contains(lu.Phrase, "Gaëlle") {
		t.Errorf("got « %s », want « %s… »", lu.Phrase, want)
	}
}

// Two hundred writers on one object: contiguous numbers, each acte once, whatever
// is retried, refused or rolled back between them.
func TestRecevoirSansTrou(t *testing.T) {
	c := conduire(t)
	id := c.creer(demande(), e1)
	objet := opco.ObjetDossier(id)
	const ecrivains = 200
	ids := make([]string, ecrivains)
	for i := range ids {
		ids[i] = uuid.NewString()
	}
	ctx, annuler := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for i := range ecrivains {
		wg.Go(func() {
			a := opco.Acte{ID: ids[i], Objet: objet, Type: opco.ActeJoindre, Par: e1, Charge: []byte(`{"pieces":[]}`)}
			for range 2 { // the second time is a retry
				if _, err := c.s.Recevoir(t.Context(), a); err != nil {
					t.Errorf("writer %d: %v", i, err)
				}
			}
			a.Charge = []byte(`{"pieces":null}`)
			if _, err := c.s.Recevoir(t.Context(), a); opco.KindOf(err) != opco.Conflict {
				t.Errorf("writer %d, other body: got %v, want Conflict", i, err)
			}
			if i%10 == 0 { // one whose client goes away: whatever came of it, no hole
				_, _ = c.s.Recevoir(ctx, opco.Acte{ID: uuid.NewString(), Objet: objet, Type: opco.ActeJoindre, Par: e1})
			}
			if i == ecrivains/2 {
				annuler()
			}
		})
	}
	wg.Wait()
	annuler()
	var seqs []int64
	if err := c.s.DB.Select(&seqs, `SELECT seq FROM acte WHERE objet = $1 ORDER BY seq`, objet); err != nil {
		t.Fatal(err)
	}
	if len(seqs) < ecrivains+1 || !slices.IsSorted(seqs) || seqs[0] != 1 || seqs[len(seqs)-1] != int64(len(seqs)) {
		t.Errorf("got %d numbers from %d to %d, want them contiguous from 1", len(seqs), seqs[0], seqs[len(seqs)-1])
	}
	var dernier int64
	if err := c.s.DB.Get(&dernier, `SELECT dernier FROM compteur WHERE code = 'acte:' || $1`, objet); err != nil || dernier != int64(len(seqs)) {
		t.Errorf("the counter says %d, %v; want %d", dernier, err, len(seqs))
	}
}

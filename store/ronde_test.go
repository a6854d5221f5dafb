package store_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"guichet/opco"
	"guichet/store"
	"guichet/store/storetest"
)

var (
	duGuet      = opco.Portee{Interne: true, Role: opco.RoleOps}
	reglesOps   = opco.ParametresDefaut().Exploitation
	sansPanne   = map[string]opco.Classe{}
	moteurTombe = map[string]opco.Classe{"dossier": opco.ClasseInjoignable}
)

// bancRonde is a base with dossiers whose journal has one line.
type bancRonde struct {
	*testing.T
	s   *store.Store
	ctx context.Context
}

func ouvrirRonde(t *testing.T, dossiers int) bancRonde {
	b := bancRonde{t, storetest.Ouvrir(t), t.Context()}
	b.faire(`INSERT INTO dossier (id, numero, etat, rang, etablissement, siren, entreprise_nom, organisme_nom, demande, accorde, engage, resume, contenu, limite, cree_le, modifie_le)
		SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'AF26-' || lpad(n::text, 6, '0'), CASE WHEN n % 2 = 0 THEN 'ACCORDEE' ELSE 'EN_INSTRUCTION' END, 1,
		       '84057511600021', '840575116', 'Sorbier', 'Compétences', 100000, 80000, 80000, '{}', '{}', DATE '2026-12-01' + n, now(), now() FROM generate_series(1, $1) n`, dossiers)
	b.faire(`INSERT INTO passage (objet, rang, type, de, vers, verdict, role, le, effet, resume, precedente, empreinte)
		SELECT 'dossier/' || id, 1, 'deposer', 'BROUILLON', etat, 'applique', 'entreprise', now(), now(),
		       jsonb_build_object('etat', etat, 'demande', demande, 'accorde', accorde, 'engage', engage, 'accepte', accepte, 'paye', paye), '', id::text FROM dossier`)
	return b
}

func (b bancRonde) faire(requete string, args ...any) {
	b.Helper()
	if _, err := b.s.DB.ExecContext(b.ctx, requete, args...); err != nil {
		b.Fatal(err)
	}
}

func (b bancRonde) bien(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// causes are the open causes, « nature/deed/class: cases ».
func (b bancRonde) causes() string {
	b.Helper()
	cs, err := b.s.Causes(b.ctx, duGuet, "")
	b.bien(err)
	var dits []string
	for _, c := range cs {
		dits = append(dits, fmt.Sprintf("%s/%s/%s: %d", c.Nature, c.Activite, c.Classe, c.Cas))
	}
	return strings.Join(dits, ", ")
}

func (b bancRonde) attendre(want string) {
	b.Helper()
	if got := b.causes(); got != want {
		b.Errorf("got %q, want %q", got, want)
	}
}

func dossierDe(n int) string { return fmt.Sprintf("dossier/00000000-0000-4000-8000-%012d", n) }

// One outage of the mail server is one cause with two thousand dossiers behind it, read page
// by page; it closes when the mails leave.
func TestTwoThousandMailsAreOneCause(t *testing.T) {
	const n = 2000
	b := ouvrirRonde(t, n)
	b.faire(`INSERT INTO courrier (id, objet, rang, evenement, pour, adresse, donnees, essais, erreur, prochain, le)
		SELECT 'm' || numero, 'dossier/' || id, 1, 'ACCORD', 'entreprise', 'a@b.test', '{"a":1}', 3, 'dial tcp 127.0.0.1:25: connect: connection refused', now() + interval '1 minute', now() FROM dossier`)
	b.faire(`UPDATE courrier SET erreur = '550 5.1.1 <rose@sorbier.test>: user unknown', etat = 'REFUSE', prochain = now() WHERE id = 'mAF26-000007'`)
	b.faire(`UPDATE courrier SET essais = 2 WHERE id = 'mAF26-000008'`) // not yet
	b.bien(b.s.RondeCourriers(b.ctx, reglesOps))
	b.attendre(fmt.Sprintf("courriel/courrier/injoignable: %d, courriel/courrier/refus: 1", n-2))
	cs, err := b.s.Causes(b.ctx, duGuet, "")
	b.bien(err)
	if cs[0].Objets != n-2 || cs[0].Enjeu != 80_000*(n-2) || cs[0].Prochain == nil || cs[0].Limite == nil || len(cs[0].Heures) != store.HeuresCause || cs[0].Heures[store.HeuresCause-1] != n-2 {
		t.Errorf("got %+v", cs[0])
	}
	if strings.Contains(cs[1].Erreur, "rose") || !strings.Contains(cs[1].Erreur, "550") {
		t.Errorf("the answer is kept as %q", cs[1].Erreur)
	}

	vus, pages, apres := map[int64]bool{}, 0, ""
	for {
		ls, suivant, err := b.s.ListerIncidents(b.ctx, duGuet, store.FiltreIncidents{Cause: cs[0].Code, Apres: apres, Limite: 100})
		b.bien(err)
		for _, l := range ls {
			vus[l.Numero] = true
			if l.Nom == "" || l.Entreprise != "Sorbier" || l.Evenement != "ACCORD" || l.Enjeu != 80_000 || l.ProchainLe == nil {
				t.Fatalf("got the row %+v", l)
			}
		}
		pages++
		if apres = suivant; apres == "" {
			break
		}
	}
	if len(vus) != n-2 || pages != 20 {
		t.Errorf("got %d cases in %d pages, want %d in 20", len(vus), pages, n-2)
	}
	ls, _, err := b.s.ListerIncidents(b.ctx, duGuet, store.FiltreIncidents{Cause: cs[0].Code, Etat: opco.EtatAccordee, Limite: 100})
	if err != nil || len(ls) != 100 || ls[0].EtatDossier != opco.EtatAccordee {
		t.Errorf("the étape keeps %d, %v", len(ls), err)
	}
	if _, _, err := b.s.ListerIncidents(b.ctx, duGuet, store.FiltreIncidents{Apres: "n’importe"}); err == nil {
		t.Error("a page that does not exist is shown")
	}
	if rien, _, err := b.s.ListerIncidents(b.ctx, opco.Portee{Role: opco.RoleEntreprise}, store.FiltreIncidents{}); err != nil || len(rien) != 0 {
		t.Errorf("a company reads %d incidents, %v", len(rien), err)
	}

	b.faire(`UPDATE courrier SET etat = 'ENVOYE' WHERE etat = 'A_ENVOYER'`)
	b.bien(b.s.RondeCourriers(b.ctx, reglesOps))
	b.attendre("courriel/courrier/refus: 1")
	// A refusal that a person closed stays closed until the mail is tried again.
	b.bien(b.s.Clore(b.ctx, dossierDe(7), "courrier/mAF26-000007"))
	b.bien(b.s.RondeCourriers(b.ctx, reglesOps))
	b.attendre("")
	b.faire(`UPDATE courrier SET essais = essais + 1 WHERE etat = 'REFUSE'`)
	b.bien(b.s.RondeCourriers(b.ctx, reglesOps))
	b.attendre("courriel/courrier/refus: 1")
	// Sent again, it is refused after as many tries as before.
	b.bien(b.s.Clore(b.ctx, dossierDe(7), "courrier/mAF26-000007"))
	b.faire(`UPDATE courrier SET prochain = clock_timestamp() WHERE etat = 'REFUSE'`)
	b.bien(b.s.RondeCourriers(b.ctx, reglesOps))
	b.attendre("courriel/courrier/refus: 1")
}

// An acte that waits is said with why, once for its object, and not twice when its procedure
// is already an incident.
func TestActesThatWait(t *testing.T) {
	b := ouvrirRonde(t, 3)
	b.faire(`INSERT INTO acte (id, objet, seq, type, role, empreinte, recu_le, cree_le)
		SELECT gen_random_uuid(), $1, n, 'deposer', 'entreprise', '', now(), now() - interval '40 seconds' FROM generate_series(1, 3) n`, dossierDe(1))
	b.faire(`INSERT INTO acte (id, objet, seq, type, role, empreinte, recu_le) VALUES (gen_random_uuid(), $1, 1, 'deposer', 'entreprise', '', now())`, dossierDe(2))
	b.bien(b.s.RondeActes(b.ctx, reglesOps, sansPanne))
	b.attendre("acte/acte/tue: 1")
	b.bien(b.s.RondeActes(b.ctx, reglesOps, moteurTombe))
	b.attendre("acte/acte/injoignable: 1")
	ls, _, err := b.s.ListerIncidents(b.ctx, duGuet, store.FiltreIncidents{Objet: "AF26-000001"})
	if err != nil || len(ls) != 1 || ls[0].Essais != 3 || ls[0].ActesEnCours != 3 || ls[0].TypeActe != "deposer" || time.Since(ls[0].OuvertLe) < 39*time.Second {
		t.Fatalf("got %+v, %v", ls, err)
	}
	k, err := b.s.LireCas(b.ctx, duGuet, ls[0].Numero)
	if err != nil || k.Rang != 1 || len(k.Pas) != 1 || k.Nom != "AF26-000001" {
		t.Errorf("got the case %+v, %v", k, err)
	}
	if _, err := b.s.LireCas(b.ctx, duGuet, 9_999); opco.KindOf(err) != opco.NotFound {
		t.Errorf("a case that is not is answered %v", err)
	}
	x, err := b.s.Exploiter(b.ctx, duGuet)
	if err != nil || x.Recus != 4 || x.Cas != 1 || x.Causes != 1 || !x.Muette || x.Ancien == nil {
		t.Errorf("the house runs as %+v, %v", x, err)
	}
	b.bien(b.s.Constater(b.ctx, opco.Incident{Objet: dossierDe(1), Activite: opco.ActiviteTache, Essais: 2, Erreur: "[TMPRL1100] nondeterministic"}))
	b.bien(b.s.RondeActes(b.ctx, reglesOps, sansPanne))
	b.attendre("procedure/procedure/programme: 1")
	b.bien(b.s.CloreSauf(b.ctx, opco.ActiviteTache, []string{dossierDe(2)}))
	b.bien(b.s.RondeActes(b.ctx, reglesOps, sansPanne))
	b.attendre("acte/acte/tue: 1")
	b.faire(`UPDATE acte SET etat = 'applique'`)
	b.bien(b.s.RondeActes(b.ctx, reglesOps, sansPanne))
	b.attendre("")
}

// An échéance is stuck when it is late in two rounds: a clock that has just moved is not.
func TestEcheancesThatPassed(t *testing.T) {
	b := ouvrirRonde(t, 2)
	b.faire(`UPDATE dossier SET prochaine_echeance = now() - interval '1 hour' WHERE numero = 'AF26-000001'`)
	b.faire(`UPDATE dossier SET prochaine_echeance = now() - interval '1 minute' WHERE numero = 'AF26-000002'`)
	retards, err := b.s.RondeEcheances(b.ctx, reglesOps, nil, sansPanne)
	if err != nil || len(retards) != 1 || retards[0] != dossierDe(1) {
		t.Fatalf("got %v, %v", retards, err)
	}
	b.attendre("")
	_, err = b.s.RondeEcheances(b.ctx, reglesOps, retards, sansPanne)
	b.bien(err)
	b.attendre("echeance/echeance/tue: 1")
	b.faire(`UPDATE dossier SET prochaine_echeance = NULL`)
	_, err = b.s.RondeEcheances(b.ctx, reglesOps, retards, sansPanne)
	b.bien(err)
	b.attendre("")
}

// What is read of a dossier is compared with its journal, five hundred at a time.
func TestADossierThatItsJournalContradicts(t *testing.T) {
	b := ouvrirRonde(t, 600)
	apres, err := b.s.RondeConcordance(b.ctx, "00000000-0000-0000-0000-000000000000")
	if err != nil || "dossier/"+apres != dossierDe(500) {
		t.Fatalf("got %s, %v", apres, err)
	}
	for _, faute := range []string{`accorde = 90000`, `etat = 'EN_VALIDATION'`, `rang = 2`, `engage = 0`} {
		b.faire(`UPDATE dossier SET ` + faute + ` WHERE numero = 'AF26-000555'`)
		if _, err = b.s.RondeConcordance(b.ctx, apres); err != nil {
			t.Fatal(err)
		}
		b.attendre("divergence/divergence/tue: 1")
		b.faire(`UPDATE dossier SET accorde = 80000, engage = 80000, etat = 'EN_INSTRUCTION', rang = 1 WHERE numero = 'AF26-000555'`)
		debut, err := b.s.RondeConcordance(b.ctx, apres)
		if err != nil || debut != "00000000-0000-0000-0000-000000000000" {
			t.Fatalf("got %s, %v", debut, err)
		}
		b.attendre("")
	}
	// One that has just moved does not wait for its turn.
	b.faire(`UPDATE dossier SET accorde = 90000 WHERE numero = 'AF26-000555'`)
	if _, err = b.s.RondeConcordance(b.ctx, "00000000-0000-0000-0000-000000000000"); err != nil {
		t.Fatal(err)
	}
	b.attendre("divergence/divergence/tue: 1")
}

// Fifty incidents that stay do not hide those behind them.
func TestIncidentsAreLookedAtInTurn(t *testing.T) {
	b := ouvrirRonde(t, 1)
	for _, lot := range []string{"lot/L1", "lot/L2"} {
		b.bien(b.s.Signaler(b.ctx, lot, "Envoyer", 3, "no space left on device"))
	}
	b.faire(`UPDATE incident SET vu_le = now() - CASE objet WHEN 'lot/L1' THEN interval '2 minutes' ELSE interval '1 minute' END`)
	for _, want := range []string{"lot/L1", "lot/L2", "lot/L1"} {
		is, err := b.s.IncidentsDActivite(b.ctx, 1)
		if err != nil || len(is) != 1 || is[0].Objet != want {
			t.Fatalf("got %+v, %v; want %s", is, err, want)
		}
		b.bien(b.s.RevoirIncidents(b.ctx, is))
	}
}

// A step that could not be written is closed once the journal has gone on, even when another
// worker wrote it.
func TestAStepThatIsWrittenAtLast(t *testing.T) {
	b := ouvrirRonde(t, 2)
	b.bien(b.s.Signaler(b.ctx, dossierDe(1), "Record", 4, "dial tcp: connection refused"))
	b.bien(b.s.RondeInscriptions(b.ctx))
	b.attendre("activite/Record/injoignable: 1")
	b.faire(`INSERT INTO passage (objet, rang, type, de, vers, verdict, role, le, effet, resume, precedente, empreinte)
		VALUES ($1, 2, 'noter', 'A', 'B', 'applique', 'ops', now(), now(), '{}', '', 'x')`, dossierDe(1))
	b.bien(b.s.RondeInscriptions(b.ctx))
	b.attendre("")
}

// An incident written without a cause receives one.
func TestAnIncidentOfAnOlderBuildIsGrouped(t *testing.T) {
	b := ouvrirRonde(t, 1)
	b.faire(`INSERT INTO incident (id, objet, activite, essais, erreur, ouvert_le) VALUES ('lot/L1/3', 'lot/L1', 'banque', 1, 'La banque n’a pas répondu : écrire à tresor@banque.test.', now())`)
	b.attendre("")
	b.bien(b.s.ClasserIncidents(b.ctx))
	b.attendre("banque/banque/autre: 1")
	ls, _, err := b.s.ListerIncidents(b.ctx, duGuet, store.FiltreIncidents{})
	if err != nil || len(ls) != 1 || strings.Contains(ls[0].Erreur, "tresor") {
		t.Errorf("got %+v, %v", ls, err)
	}
}

// One process at a time makes a round, and not sooner than the pause.
func TestARoundIsMadeByOne(t *testing.T) {
	b := ouvrirRonde(t, 1)
	dedans := func(context.Context, *opco.Ronde) error {
		autre, err := b.s.Ronder(b.ctx, 0, func(context.Context, *opco.Ronde) error { t.Error("two rounds at once"); return nil })
		if autre || err != nil {
			t.Errorf("the second round says %v, %v", autre, err)
		}
		return nil
	}
	if fait, err := b.s.Ronder(b.ctx, time.Minute, dedans); !fait || err != nil {
		t.Fatalf("got %v, %v", fait, err)
	}
	if fait, err := b.s.Ronder(b.ctx, time.Minute, dedans); fait || err != nil {
		t.Errorf("a round follows at once: %v, %v", fait, err)
	}
	b.bien(b.s.Presenter(b.ctx, "1@a", "v1", nil))
	b.faire(`INSERT INTO executant (identite, version, vu_le) VALUES ('2@b', 'v1', now() - interval '1 hour')`)
	x, err := b.s.Exploiter(b.ctx, duGuet)
	if err != nil || x.Muette || len(x.Presents) != 1 || x.Presents[0].Identite != "1@a" {
		t.Errorf("the house runs as %+v, %v", x, err)
	}
	b.bien(b.s.Partir(b.ctx, "1@a"))
	if es, err := b.s.Executants(b.ctx, reglesOps); err != nil || len(es) != 0 {
		t.Errorf("got %v, %v", es, err)
	}
}

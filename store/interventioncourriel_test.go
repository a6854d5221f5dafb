package store_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"guichet/opco"
	"guichet/store"
)

// An intervention on a cause bears on each of its mails once; one that is given up leaves a note to
// those who instruct the dossier.
func TestMailsOfACause(t *testing.T) {
	c := conduire(t)
	b := banc{t, c.s}
	c.troisReglements()
	_, err := c.s.DB.Exec(`UPDATE courrier SET etat = 'REFUSE', erreur = '550 no such user' WHERE etat = 'A_ENVOYER' AND sorte = 'dossier' AND objet LIKE 'dossier/%'`)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = c.s.DB.Exec(`INSERT INTO incident (id, objet, activite, essais, erreur, ouvert_le, cause)
		SELECT objet || '/courrier/' || id, objet, 'courrier/' || id, 1, erreur, now(), 'panne' FROM courrier WHERE etat = 'REFUSE'`); err != nil {
		t.Fatal(err)
	}
	var n int64
	if err := c.s.DB.Get(&n, `SELECT count(*) FROM courrier WHERE etat = 'REFUSE'`); err != nil || n < 3 {
		t.Fatal(n, err)
	}
	v := b.proposer(yann, opco.Intervention{Verbe: opco.VerbePasser, Cause: "panne"})
	if v.Nombres.Applicable != n {
		t.Fatalf("it bears on %d mails of %d", v.Nombres.Applicable, n)
	}
	if err := c.s.LancerIntervention(c.ctx, yann, v.ID); err != nil {
		t.Fatal(err)
	}
	v = b.avancer(v)
	es, err := c.s.PrendreCibles(c.ctx, v, time.Minute, 1000)
	if err != nil || int64(len(es)) != n {
		t.Fatal(len(es), err)
	}
	for _, e := range es {
		if faite, err := c.s.DemanderCible(c.ctx, v, e); err != nil || !faite {
			t.Fatal(faite, err)
		}
	}
	_, p, err := c.s.ReleverBase(c.ctx, store.Cible{Objet: es[0].Objet, Cle: es[0].Cle})
	if err != nil || p.Etat != "ECARTE" || p.Erreur != motifs {
		t.Errorf("the mail is %+v, %v", p, err)
	}
	var notes int64
	if err := c.s.DB.Get(&notes, `SELECT count(*) FROM note_version WHERE texte LIKE '%' || $1 || '%'`, motifs); err != nil || notes != n {
		t.Errorf("%d notes for %d mails, %v", notes, n, err)
	}
	_, err = c.s.ProposerIntervention(c.ctx, yann, "", uuid.NewString(), opco.Intervention{Verbe: opco.VerbeRenvoyer, Cause: "inconnue", Motif: motifs}, nil)
	b.refuse(err, opco.Invalid)
	meme := b.proposer(yann, opco.Intervention{Verbe: opco.VerbeRenvoyer, NouvelID: true}, store.Cible{Objet: es[0].Objet, Cle: es[0].Cle})
	if err := c.s.LancerIntervention(c.ctx, yann, meme.ID); err == nil {
		t.Error("the mail is held by another intervention and was taken")
	}
	for _, e := range es {
		if err := c.s.NoterConstat(c.ctx, v, e, string(opco.ConstateVerifie)); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.s.LancerIntervention(c.ctx, yann, meme.ID); err != nil {
		t.Fatal(err)
	}
	meme = b.avancer(meme)
	if es, err = c.s.PrendreCibles(c.ctx, meme, time.Minute, 10); err != nil || len(es) != 1 {
		t.Fatal(es, err)
	}
	if _, err := c.s.DemanderCible(c.ctx, meme, es[0]); err != nil {
		t.Fatal(err)
	}
	dus, err := c.s.EnvoisDus(c.ctx, 10, time.Minute)
	if err != nil || len(dus) != 1 || dus[0].Envoi.IDMessage() != fmt.Sprintf("%s-r1", es[0].Cle) {
		t.Errorf("got %+v, %v: the mail leaves under another identity", dus, err)
	}
}

// renvoi is an intervention that is launched on one mail, and the mail.
func renvoi(t *testing.T) (*conduite, banc, store.InterventionVue, store.ElementIntervention) {
	t.Helper()
	c := conduire(t)
	b := banc{t, c.s}
	c.troisReglements()
	var cible store.Cible
	if err := c.s.DB.Get(&cible, `SELECT objet, id AS cle FROM courrier WHERE etat = 'A_ENVOYER' AND sorte = 'dossier' ORDER BY id LIMIT 1`); err != nil {
		t.Fatal(err)
	}
	c.s.DB.MustExec(`UPDATE courrier SET prochain = clock_timestamp() + interval '1 hour' WHERE id <> $1`, cible.Cle)
	v := b.proposer(yann, opco.Intervention{Verbe: opco.VerbeRenvoyer}, cible)
	if err := c.s.LancerIntervention(c.ctx, yann, v.ID); err != nil {
		t.Fatal(err)
	}
	v = b.avancer(v)
	es, err := c.s.PrendreCibles(c.ctx, v, time.Minute, 10)
	if err != nil || len(es) != 1 {
		t.Fatal(es, err)
	}
	return c, b, v, es[0]
}

// A mail whose address was corrected since leaves to the new one, under the same identity.
func TestAMailSentAgainGoesToTheAddressOnFile(t *testing.T) {
	c, _, v, e := renvoi(t)
	for _, table := range []string{"entreprise", "organisme"} {
		c.s.DB.MustExec(`UPDATE ` + table + ` SET email = 'corrigee@exemple.test'`)
	}
	if faite, err := c.s.DemanderCible(c.ctx, v, e); err != nil || !faite {
		t.Fatal(faite, err)
	}
	dus, err := c.s.EnvoisDus(c.ctx, 10, time.Minute)
	if err != nil || len(dus) != 1 || dus[0].Courriel != "corrigee@exemple.test" || dus[0].Envoi.IDMessage() != e.Cle {
		t.Errorf("got %+v, %v", dus, err)
	}
	var adresse string
	if err := c.s.DB.Get(&adresse, `SELECT adresse FROM courrier WHERE id = $1`, e.Cle); err != nil || adresse != "corrigee@exemple.test" {
		t.Errorf("the line says %q, %v", adresse, err)
	}
}

// A mail that left between the trial and the launch is not sent a second time.
func TestAMailThatLeftSinceItsTrialIsNotSentAgain(t *testing.T) {
	c, _, v, e := renvoi(t)
	if dus, err := c.s.EnvoisDus(c.ctx, 10, time.Minute); err != nil || len(dus) != 1 {
		t.Fatal(dus, err)
	}
	if err := c.s.NoterEnvoi(c.ctx, e.Cle, time.Now()); err != nil {
		t.Fatal(err)
	}
	var refus *opco.Error
	if _, err := c.s.DemanderCible(c.ctx, v, e); !errors.As(err, &refus) || refus.Code != opco.CodeDepuisEssai || !strings.Contains(refus.Message, "Parti") {
		t.Errorf("got %v, want it said that the mail left", err)
	}
	if dus, err := c.s.EnvoisDus(c.ctx, 10, time.Minute); err != nil || len(dus) != 0 {
		t.Errorf("%d mails leave once more, %v", len(dus), err)
	}
}

// A mail that left by itself after its cause was listed, and before it was tried, is not sent a second
// time whatever its trial had to say.
func TestAMailThatLeftBeforeItsTrialIsNotSentAgain(t *testing.T) {
	c := conduire(t)
	b := banc{t, c.s}
	c.troisReglements()
	var m struct{ Objet, ID string }
	if err := c.s.DB.Get(&m, `SELECT objet, id FROM courrier WHERE etat = 'A_ENVOYER' AND sorte = 'dossier' ORDER BY id LIMIT 1`); err != nil {
		t.Fatal(err)
	}
	c.s.DB.MustExec(`UPDATE courrier SET prochain = clock_timestamp() + interval '1 hour'`)
	c.s.DB.MustExec(`INSERT INTO incident (id, objet, activite, essais, erreur, ouvert_le, cause) VALUES ($1, $2, $3, 4, '421', now(), 'panne')`, m.Objet+"/courrier/"+m.ID, m.Objet, "courrier/"+m.ID)
	v, err := c.s.ProposerIntervention(c.ctx, yann, "", uuid.NewString(), opco.Intervention{Verbe: opco.VerbeRenvoyer, Cause: "panne", Motif: motifs}, nil)
	if err != nil || v.Nombres.Total != 1 {
		t.Fatal(v.Nombres, err)
	}
	if err := c.s.NoterEnvoi(c.ctx, m.ID, time.Now()); err != nil {
		t.Fatal(err)
	}
	v = b.essayer(v) // which lets everything through
	if err := c.s.LancerIntervention(c.ctx, yann, v.ID); err != nil {
		t.Fatal(err)
	}
	v = b.avancer(v)
	es, err := c.s.PrendreCibles(c.ctx, v, time.Minute, 10)
	if err != nil || len(es) != 1 {
		t.Fatal(es, err)
	}
	_, err = c.s.DemanderCible(c.ctx, v, es[0])
	b.refuse(err, opco.Conflict)
	if dus, err := c.s.EnvoisDus(c.ctx, 10, time.Minute); err != nil || len(dus) != 0 {
		t.Errorf("%d mails leave once more, %v", len(dus), err)
	}
}

// A mail that a facteur has in hand waits until it is known what became of it; one that waits for its
// next try does not.
func TestAMailInHandIsLeftToItsFacteur(t *testing.T) {
	c, b, v, e := renvoi(t)
	dus, err := c.s.EnvoisDus(c.ctx, 10, time.Minute)
	if err != nil || len(dus) != 1 {
		t.Fatal(dus, err)
	}
	if faite, err := c.s.DemanderCible(c.ctx, v, e); err == nil || faite || opco.KindOf(err) != "" {
		t.Errorf("got %v, %v: it is being sent", faite, err)
	}
	if dus, err := c.s.EnvoisDus(c.ctx, 10, time.Minute); err != nil || len(dus) != 0 {
		t.Errorf("%d mails are sent by two facteurs, %v", len(dus), err)
	}
	if v = b.avancer(v); v.Nombres.Applicable != 1 {
		t.Errorf("got %+v: it is to be done still", v.Nombres)
	}
	if err := c.s.NoterEchec(c.ctx, e.Cle, dus[0].Bail, false, "450 <camille.roux@exemple.fr> try later", time.Hour); err != nil {
		t.Fatal(err)
	}
	if faite, err := c.s.DemanderCible(c.ctx, v, e); err != nil || !faite {
		t.Errorf("got %v, %v: it waits for its next try", faite, err)
	}
	if dus, err := c.s.EnvoisDus(c.ctx, 10, time.Minute); err != nil || len(dus) != 1 {
		t.Errorf("%d mails leave, want one, %v", len(dus), err)
	}
}

// Two facteurs, one of which was away for longer than it may have a mail in hand, and the ops staff who
// has the mail sent again meanwhile: the tries are counted afresh, and the mail leaves once, by the second.
func TestAMailSentAgainWhileItsFacteurWasAwayLeavesOnce(t *testing.T) {
	c, _, v, e := renvoi(t)
	prendre := func() store.EnvoiDu {
		t.Helper()
		dus, err := c.s.EnvoisDus(c.ctx, 10, time.Minute)
		if err != nil || len(dus) != 1 || dus[0].ID != e.Cle {
			t.Fatal(dus, err)
		}
		return dus[0]
	}
	garde := func(d store.EnvoiDu) bool {
		t.Helper()
		gardes, err := c.s.ProlongerEnvois(c.ctx, map[string]time.Time{d.ID: d.Bail}, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		return len(gardes) == 1
	}
	prendre() // and never comes back
	c.s.DB.MustExec(`UPDATE courrier SET prochain = now(), bail_le = now() - interval '1 second' WHERE id = $1`, e.Cle)
	a := prendre()
	c.s.DB.MustExec(`UPDATE courrier SET prochain = bail_le - interval '1 hour' WHERE id = $1`, e.Cle)
	if !garde(a) {
		t.Fatal("nobody else has it")
	}
	if err := c.s.DB.Get(&a.Bail, `UPDATE courrier SET bail_le = now() - interval '1 second' WHERE id = $1 RETURNING bail_le`, e.Cle); err != nil {
		t.Fatal(err)
	}
	if faite, err := c.s.DemanderCible(c.ctx, v, e); err != nil || !faite {
		t.Fatal(faite, err)
	}
	if garde(a) {
		t.Error("the facteur that was away sends what was just corrected")
	}
	b := prendre()
	if b.Essais != 1 || garde(a) {
		t.Errorf("try %d: both send it", b.Essais)
	}
	if err := c.s.NoterEchec(c.ctx, e.Cle, a.Bail, false, "450 later", 0); err != nil {
		t.Fatal(err)
	}
	if dus, err := c.s.EnvoisDus(c.ctx, 10, time.Minute); err != nil || len(dus) != 0 || !garde(b) {
		t.Errorf("what befell the first took it from the second: %v, %v", dus, err)
	}
}

// What a server answers names the person whom it refuses: that is not kept.
func TestTheAnswerOfAServerIsKeptWithoutAddresses(t *testing.T) {
	c, _, _, e := renvoi(t)
	if err := c.s.NoterEchec(c.ctx, e.Cle, time.Time{}, true, "550 <camille.roux@exemple.fr>: no such user", 0); err != nil {
		t.Fatal(err)
	}
	var erreur string
	if err := c.s.DB.Get(&erreur, `SELECT erreur FROM courrier WHERE id = $1`, e.Cle); err != nil || !strings.HasPrefix(erreur, "550") || strings.Contains(erreur, "camille") {
		t.Errorf("kept %q, %v", erreur, err)
	}
	c.s.DB.MustExec(`UPDATE courrier SET erreur = '550 <camille.roux@exemple.fr>' WHERE id = $1`, e.Cle) // kept by an older build
	if _, p, err := c.s.ReleverBase(c.ctx, store.Cible{Objet: e.Objet, Cle: e.Cle}); err != nil || strings.Contains(p.Erreur, "camille") {
		t.Errorf("read %+v, %v", p, err)
	}
}

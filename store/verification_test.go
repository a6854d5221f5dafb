package store_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"guichet/banque"
	"guichet/opco"
	"guichet/store"
)

// baseVerifiee is a base made by real steps: one paid dossier, one whose payment
// the bank rejected, one waiting to be paid, one granted with a decision refused
// to a latecomer, one cancelled, one brouillon, one pièce with its file.
type baseVerifiee struct {
	*conduite
	fichiers *store.Fichiers
	dir      string
}

func baseAVerifier(t *testing.T) *baseVerifiee {
	t.Helper()
	b := &baseVerifiee{conduite: conduire(t), dir: t.TempDir()}
	var err error
	if b.fichiers, err = store.OuvrirFichiers(b.dir); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.fichiers.Close() })
	s01, s04, s09 := b.troisReglements()
	b.s.DB.MustExec(`INSERT INTO signalement (dossier, etat, points, enjeu, codes, ouvert_le, modifie_le) VALUES ($1, 'OUVERT', 60, 224000, '{IBAN_PARTAGE}', now(), now())`, s09)
	if err := b.gesteSignalement(s09, opco.GesteRetenir, ctl); err != nil {
		t.Fatal(err)
	}
	lot, err := b.construire(cpt, opco.ChargeConstruireLot{Reglements: b.reglements(s01, s04), Execution: "2026-05-04"})
	if err != nil {
		t.Fatal(err)
	}
	ordre := b.envoyer(lot)
	b.a("2026-05-05 07:00:00")
	quand, _ := b.s.Maintenant(b.ctx)
	rejete := b.lot(lot).Lignes[0].EndToEndID
	rendu, avis, err := banque.Simulateur{Rejets: map[string]string{rejete: "AC04"}}.Repondre(ordre, quand)
	if err != nil {
		t.Fatal(err)
	}
	b.importer("pain002.xml", rendu)
	b.importer("camt054.xml", avis)
	b.accorderEtAnnuler()
	b.garderHistoires()
	b.unePlusUnIndu(s01, s04)
	vv := store.Enveloppe{SIREN: "999001019", Fonds: opco.FondsVV}
	if _, err := b.s.Doter(b.ctx, vv, store.Dotation{ID: uuid.NewString(), Montant: 50000, Reference: "VIR 1"}, cpt); err != nil {
		t.Fatal(err)
	}
	return b
}

// garderHistoires keeps the history of each closed dossier, as a worker does.
func (b *baseVerifiee) garderHistoires() {
	b.t.Helper()
	var clos []string
	if err := b.s.DB.Select(&clos, `SELECT 'dossier/' || id FROM dossier WHERE etat IN ('REFUSEE', 'ANNULEE')`); err != nil || len(clos) == 0 {
		b.t.Fatal(clos, err)
	}
	fin := time.Now()
	for _, objet := range clos {
		h := opco.Histoire{Objet: objet, Run: uuid.NewString(), Statut: "Completed", Debut: fin, Fin: &fin, Evenements: 9, Octets: []byte(objet)}
		if err := b.s.GarderHistoire(b.ctx, h); err != nil {
			b.t.Fatal(err)
		}
		b.s.DB.MustExec(`INSERT INTO histoire_suivi (objet, rang, etat) VALUES ($1, 99, 'GARDEE')`, objet)
	}
}

// unePlusUnIndu adds a debt of the paid dossier, a part of it reimbursed and the
// rest given up.
func (b *baseVerifiee) unePlusUnIndu(dossiers ...string) {
	b.t.Helper()
	for _, d := range dossiers {
		if b.etatDossier(d).Etat != opco.EtatReglee {
			continue
		}
		id := b.unIndu(d)
		b.acteIndu(id, opco.ActeNotifierIndu, cpt, nil)
		b.acteIndu(id, opco.ActeRembourserIndu, cpt, opco.ChargeRemboursement{Montant: 16000, Date: "2026-05-05", Reference: "CAMT-9"})
		b.acteIndu(id, opco.ActeProposerAbandon, res, opco.ChargeRaisonIndu{Raison: "Coût du recouvrement."})
		b.acteIndu(id, opco.ActeConfirmerAbandon, cpt, nil)
	}
}

// reglements returns the ids of the règlements of dossiers.
func (b *baseVerifiee) reglements(dossiers ...string) (ids []string) {
	b.t.Helper()
	for _, d := range dossiers {
		var id string
		if err := b.s.DB.Get(&id, `SELECT id FROM reglement WHERE dossier = $1`, d); err != nil {
			b.t.Fatal(err)
		}
		ids = append(ids, id)
	}
	return ids
}

func (b *baseVerifiee) accorderEtAnnuler() {
	b.t.Helper()
	e5 := opco.Acteur{Personne: "p-e5", Nom: "Zoé Azur", Role: opco.RoleEntreprise, SIRET: "99900129000017"}
	d := formation(e5, demande().Organisme, 1, 7, 30000, 1)
	d.Debut, d.Fin = "2026-06-15", "2026-06-15"
	accorde := b.deposer(d, e5)
	b.attendre(b.faire(accorde, opco.ActeDecider, ges, opco.ChargeDecider{}), opco.EtatAccordee)
	b.faire(accorde, opco.ActeDecider, res, opco.ChargeDecider{})
	d.Intitule, d.Debut, d.Fin = "Autre formation", "2026-06-22", "2026-06-22"
	annule := b.deposer(d, e5)
	b.attendre(b.faire(annule, opco.ActeDecider, ges, opco.ChargeDecider{}), opco.EtatAccordee)
	b.attendre(b.faire(annule, opco.ActeAnnuler, e5, opco.ChargeRaison{Raison: "Session annulée."}), opco.EtatAnnulee)
	d.Intitule, d.Debut, d.Fin = "Troisième formation", "2026-06-29", "2026-06-29"
	refuse := b.deposer(d, e5)
	b.attendre(b.faire(refuse, opco.ActeDecider, ges, opco.ChargeDecider{Refus: true, Motifs: []opco.Motif{opco.MotifActionNonEligible}}), opco.EtatEnValidation)
	b.attendre(b.faire(refuse, opco.ActeValider, res, nil), opco.EtatRefusee)
	b.creer(demande(), e1)
	dep, err := b.fichiers.Recevoir(strings.NewReader("un document"))
	if err != nil {
		b.t.Fatal(err)
	}
	_, err = b.s.AjouterPiece(b.ctx, store.LignePiece{ID: uuid.NewString(), Dossier: accorde, Type: opco.PieceAutre, Titre: "Note", Nom: "note.txt",
		Empreinte: dep.Empreinte, Taille: dep.Taille, Format: "text/plain", DeposePar: "p-e5", DeposeNom: "Zoé Azur", DeposeRole: opco.RoleEntreprise}, dep.Garder)
	if err != nil {
		b.t.Fatal(err)
	}
}

// verificateur answers for the engine what the database says, as a healthy one.
func (b *baseVerifiee) verificateur() *store.Verificateur {
	return &store.Verificateur{Store: b.s, Fichiers: b.fichiers, Ordre: banque.Rediger,
		Procedure: func(ctx context.Context, objet string) (opco.Issue, bool, error) {
			d, err := b.s.Depart(ctx, objet)
			return opco.Issue{Rang: d.Rang, Resume: d.Resume}, true, err
		}}
}

// rompus returns the codes of the invariants that v finds broken.
func (b *baseVerifiee) rompus(v *store.Verificateur) (codes []string, r store.RapportVerification) {
	b.t.Helper()
	r, err := v.Verifier(b.ctx)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, x := range r.Resultats {
		if x.Tenue == store.Rompu {
			codes = append(codes, x.Code)
		}
	}
	return codes, r
}

func (b *baseVerifiee) expliquer(r store.RapportVerification) {
	b.t.Helper()
	for _, x := range r.Resultats {
		for _, e := range x.Exemples {
			b.t.Logf("%s %s: %s", x.Code, e.Objet, e.Phrase)
		}
		if x.Raison != "" {
			b.t.Logf("%s: %s", x.Code, x.Raison)
		}
	}
}

// corrompre runs SQL as someone who is above the rules of the database.
func (b *baseVerifiee) corrompre(requetes ...string) {
	b.t.Helper()
	tx := b.s.DB.MustBegin()
	defer tx.Rollback() //nolint:errcheck // a no-op after Commit
	tx.MustExec(`SET LOCAL session_replication_role = replica`)
	for _, q := range requetes {
		res, err := tx.Exec(q)
		if err != nil {
			b.t.Fatalf("%s: %v", q, err)
		}
		n, err := res.RowsAffected()
		if err != nil || n == 0 && !strings.HasPrefix(q, "CREATE") && !strings.HasPrefix(q, "ALTER") && !strings.HasPrefix(q, "DROP") {
			b.t.Fatalf("%s: changed nothing", q)
		}
	}
	if err := tx.Commit(); err != nil {
		b.t.Fatal(err)
	}
}

// tablesVerifiees are saved once and given back after each mutant.
var tablesVerifiees = []string{"acte", "passage", "dossier", "ecriture", "solde", "facture", "reglement", "lot", "lot_ligne", "lot_signature", "fichier_bancaire", "fichier_bancaire_suite",
	"retour_bancaire", "entree_bancaire", "parametre", "fichier", "piece", "compte", "utilisateur", "habilitation", "role_agent", "delegation",
	"lien_interet", "secret_acte", "session", "courrier", "indu", "remboursement", "dotation", "dossier_mot", "dossier_file", "dossier_file_mot", "dossier_compte",
	"signalement", "signalement_passage", "dossier_suspendu", "histoire", "histoire_suivi", "histoire_borne"}

func (b *baseVerifiee) sauver() {
	for _, t := range tablesVerifiees {
		b.corrompre("CREATE TABLE sauf_" + t + " AS TABLE " + t)
	}
}

func (b *baseVerifiee) rendre() {
	tx := b.s.DB.MustBegin()
	defer tx.Rollback() //nolint:errcheck // a no-op after Commit
	tx.MustExec(`SET LOCAL session_replication_role = replica`)
	for _, t := range tablesVerifiees {
		var colonnes string // a generated column is not written
		err := tx.Get(&colonnes, `SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
			WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''`, t)
		if err != nil {
			b.t.Fatal(err)
		}
		tx.MustExec("DELETE FROM " + t)
		tx.MustExec("INSERT INTO " + t + " (" + colonnes + ") OVERRIDING SYSTEM VALUE SELECT " + colonnes + " FROM sauf_" + t)
	}
	if err := tx.Commit(); err != nil {
		b.t.Fatal(err)
	}
}

// dosClos makes the dossiers that were closed old enough to have their history.
const dosClos = `WITH b AS (UPDATE histoire_borne SET depuis = now() - interval '1 day')
	UPDATE passage SET inscrit_le = now() - interval '1 hour'`

// mutants corrupt the base in one way each; rompus are the invariants that must
// say so, and no other.
var mutants = []struct {
	name   string
	sql    []string
	rompus []string
}{
	{"money moved without the dossier", []string{
		`INSERT INTO ecriture (mouvement, type, compte, enveloppe, dossier, montant, objet, rang, le)
		 SELECT 'mutant', 'DEGAGEMENT', c.compte, e.enveloppe, e.dossier, c.montant, e.objet, e.rang, e.le
		 FROM (SELECT * FROM ecriture WHERE compte = 'ENGAGE' AND type = 'ENGAGEMENT' AND dossier IN (SELECT id FROM dossier WHERE etat = 'ACCORDEE')) e,
		      (VALUES ('ENGAGE', -1), ('ENVELOPPE', 1)) AS c(compte, montant)`,
		`UPDATE solde SET montant = montant - 1 WHERE compte = 'ENGAGE' AND dossier IN (SELECT id::text FROM dossier WHERE etat = 'ACCORDEE')`,
		`UPDATE solde s SET montant = s.montant + 1 FROM ecriture e WHERE e.mouvement = 'mutant' AND e.compte = 'ENVELOPPE' AND s.enveloppe = e.enveloppe AND s.compte = 'ENVELOPPE'`,
	}, []string{"I1"}},
	{"more granted than the lines say", []string{`UPDATE dossier SET contenu = jsonb_set(contenu, '{decision,lignes,0,accorde}', '1') WHERE etat = 'ACCORDEE'`}, []string{"I1"}},
	{"a règlement raised by one cent", []string{`UPDATE reglement SET montant = montant + 1 WHERE etat = 'EXECUTE'`}, []string{"I1", "I6", "I7", "I15", "I37"}},
	{"one line of a mouvement", []string{`UPDATE ecriture SET montant = montant + 1 WHERE type = 'DOTATION' AND compte = 'ENVELOPPE'`}, []string{"I2", "I8"}},
	{"a balance", []string{`UPDATE solde SET montant = montant + 1 WHERE compte = 'ENVELOPPE'`}, []string{"I2"}},
	{"a mouvement between the wrong accounts", []string{`UPDATE ecriture SET type = 'DEGAGEMENT' WHERE type = 'PAIEMENT'`}, []string{"I2"}},
	{"money from no step", []string{`UPDATE ecriture SET rang = 99 WHERE type = 'ENGAGEMENT'`}, []string{"I2"}},
	{"two living règlements", []string{
		`DROP INDEX reglement_vivant`,
		`INSERT INTO reglement (id, numero, dossier, facture, tentative, montant, parts, beneficiaire, beneficiaire_nom, iban, echeance, etat, modifie_le)
		 SELECT id || 'x', numero || 'x', dossier, facture, 9, montant, parts, beneficiaire, beneficiaire_nom, iban, echeance, etat, modifie_le
		 FROM reglement WHERE etat = 'A_PAYER'`}, []string{"I1", "I3", "I15", "I37"}},
	{"one reference for two transfers", []string{`UPDATE reglement SET end_to_end_id = (SELECT end_to_end_id FROM reglement WHERE etat = 'EXECUTE') WHERE etat = 'REJETE_BANQUE'`},
		[]string{"I3", "I6"}},
	{"an approved invoice forgotten", []string{`UPDATE reglement SET etat = 'ANNULE' WHERE etat = 'A_PAYER'`}, []string{"I4", "I37"}},
	{"a line of a lot forgotten by its row", []string{`UPDATE lot_ligne SET etat = 'EMIS' WHERE etat = 'EXECUTE'`}, []string{"I3"}},
	{"a line of a lot that is nowhere", []string{`DELETE FROM lot_ligne WHERE etat = 'EXECUTE'`}, []string{"I5", "I15"}},
	{"a piece too many of a payment file", []string{`INSERT INTO fichier_bancaire_suite SELECT lot, 1, ' '::bytea FROM fichier_bancaire`}, []string{"I5"}},
	{"one byte of a payment file", []string{`UPDATE fichier_bancaire SET octets = octets || ' '::bytea`}, []string{"I5"}},
	{"a payment file rewritten with its hash", []string{
		`UPDATE fichier_bancaire SET octets = octets || ' '::bytea`, `UPDATE fichier_bancaire SET empreinte = encode(sha256(octets), 'hex')`}, []string{"I5"}},
	{"a payment file lost", []string{`DELETE FROM fichier_bancaire`}, []string{"I5"}},
	{"a debit set aside in silence", []string{`UPDATE entree_bancaire SET etat = 'QUARANTAINE', phrase = '' WHERE statut = 'EXECUTE'`}, []string{"I6"}},
	{"a debit told twice to its lot", []string{
		`INSERT INTO acte (id, objet, seq, type, role, charge, empreinte, etat, recu_le)
		 SELECT gen_random_uuid(), objet, 99, type, role, charge, empreinte, 'recu', recu_le FROM acte WHERE type = 'appliquer_retour' LIMIT 1`}, []string{"I6"}},
	{"a debit of another amount", []string{`UPDATE entree_bancaire SET montant = montant + 1 WHERE statut = 'EXECUTE'`}, []string{"I6"}},
	{"a payment without its debit", []string{`DELETE FROM entree_bancaire WHERE statut = 'EXECUTE'`}, []string{"I6"}},
	{"a sum of a lot", []string{`UPDATE lot SET somme = somme + 1`}, []string{"I5", "I7", "I15"}},
	{"a rejection forgotten by the table", []string{`UPDATE reglement SET etat = 'EMIS' WHERE etat = 'REJETE_BANQUE'`}, []string{"I1", "I6", "I7", "I15", "I37"}},
	{"an acte without verdict", []string{`UPDATE acte SET etat = 'recu', cree_le = now() - interval '1 hour' WHERE type = 'constater'`}, []string{"I9"}},
	{"a refusal without a sentence", []string{`UPDATE acte SET phrase = '' WHERE etat = 'refuse'`}, []string{"I9"}},
	{"a refused acte called applied", []string{`UPDATE acte SET etat = 'applique' WHERE etat = 'refuse'`}, []string{"I9"}},
	{"a journal line of nobody's acte", []string{`UPDATE passage SET acte_id = gen_random_uuid() WHERE type = 'instruire' OR type = 'annuler'`}, []string{"I9", "I19"}},
	{"an état that goes back", []string{`UPDATE passage SET vers = 'EN_INSTRUCTION' WHERE vers = 'ANNULEE'`,
		`UPDATE dossier SET etat = 'EN_INSTRUCTION', resume = jsonb_set(resume, '{etat}', '"EN_INSTRUCTION"'),
		 contenu = jsonb_set(contenu, '{etat}', '"EN_INSTRUCTION"') WHERE etat = 'ANNULEE'`,
		`UPDATE passage SET resume = jsonb_set(resume, '{etat}', '"EN_INSTRUCTION"') WHERE type = 'annuler'`}, []string{"I13", "I19", "I37"}},
	{"a cancellation by nobody", []string{`UPDATE passage SET personne = '', nom = '' WHERE type = 'annuler'`}, []string{"I13", "I19"}},
	{"a journal line torn out", []string{`DELETE FROM passage WHERE type = 'joindre'`}, []string{"I9", "I14", "I23"}},
	{"a decision by ops", []string{`UPDATE passage SET role = 'ops' WHERE type = 'decider' AND verdict = 'applique'`}, []string{"I14", "I19"}},
	{"a jump between two lines", []string{`UPDATE passage SET de = 'TRANSMISE' WHERE type = 'decider' AND verdict = 'applique'`}, []string{"I13", "I14", "I19"}},
	{"a column of the table", []string{`UPDATE dossier SET paye = paye - 1 WHERE paye > 0`}, []string{"I15", "I37"}},
	{"a délai that nobody would wake", []string{`UPDATE dossier SET prochaine_echeance = NULL WHERE prochaine_echeance IS NOT NULL`}, []string{"I15"}},
	{"an invoice changed in the table", []string{`UPDATE facture SET etat = 'REFUSEE' WHERE etat = 'PAIEMENT_TRANSMIS'`}, []string{"I15"}},
	{"two decisions on one version", []string{`UPDATE passage SET verdict = 'applique' WHERE type = 'decider' AND verdict = 'refuse'`}, []string{"I9", "I13", "I18", "I19"}},
	{"a version that jumps", []string{`UPDATE dossier SET contenu = jsonb_set(contenu, '{decision,version}', '2') WHERE etat = 'ACCORDEE'`}, []string{"I18"}},
	{"a word of the journal", []string{`UPDATE passage SET phrase = phrase || '!' WHERE rang = 2`}, []string{"I19"}},
	{"a line of the journal of a lot", []string{`UPDATE passage SET le = le + interval '1 second' WHERE objet LIKE 'lot/%' AND rang = 2`}, []string{"I19"}},
	{"a debt that nobody follows", []string{`DELETE FROM remboursement`, `DELETE FROM indu`, `DELETE FROM passage WHERE objet LIKE 'indu/%'`}, []string{"I1", "I2", "I9"}},
	{"a recovery from nowhere", []string{`DELETE FROM remboursement`}, []string{"I1"}},
	{"a debt that ends unexplained", []string{`UPDATE indu SET contenu = jsonb_set(contenu, '{abandons,0,montant}', '1')`}, []string{"I1"}},
	{"one entry of the bank for more than it is", []string{`ALTER TABLE remboursement DROP CONSTRAINT remboursement_total`, `UPDATE remboursement SET total = montant - 1`}, []string{"I6"}},
	{"a credit of the bank affected to nobody", []string{
		`INSERT INTO entree_bancaire (cle, retour, end_to_end_id, statut, montant, etat) SELECT 'x', empreinte, '', 'CREDIT', 100, 'AFFECTEE' FROM retour_bancaire LIMIT 1`}, []string{"I6"}},
	{"an envelope beyond what was put in it", []string{
		`ALTER TABLE solde DROP CONSTRAINT solde_positif`,
		`UPDATE ecriture SET montant = sign(montant) WHERE type = 'DOTATION' AND enveloppe IN (SELECT enveloppe FROM ecriture WHERE type = 'ENGAGEMENT')`,
		`UPDATE solde s SET montant = e.m FROM (SELECT enveloppe, compte, CASE WHEN compte IN ('SOURCE', 'ENVELOPPE') THEN '' ELSE COALESCE(dossier::text, '') END AS dossier,
		 sum(montant) AS m FROM ecriture GROUP BY 1, 2, 3) e WHERE (e.enveloppe, e.compte, e.dossier) = (s.enveloppe, s.compte, s.dossier)`}, []string{"I8"}},
	{"a credit that the ledger forgets", []string{`UPDATE dotation SET montant = montant + 1`}, []string{"I8"}},
	{"a debt changed in the table", []string{`UPDATE indu SET recouvre = recouvre + 1`}, []string{"I15"}},
	{"money back that the ledger ignores", []string{
		`DELETE FROM ecriture WHERE type = 'RECOUVREMENT'`,
		`UPDATE solde s SET montant = e.m FROM (SELECT enveloppe, compte, CASE WHEN compte IN ('SOURCE', 'ENVELOPPE') THEN '' ELSE COALESCE(dossier::text, '') END AS dossier,
		 sum(montant) AS m FROM ecriture GROUP BY 1, 2, 3) e WHERE (e.enveloppe, e.compte, e.dossier) = (s.enveloppe, s.compte, s.dossier)`}, []string{"I1"}},
	{"one person gives up a debt", []string{`UPDATE passage SET personne = 'p-res' WHERE type = 'confirmer_abandon'`}, []string{"I19", "I27"}},
	{"a debt given up by ops", []string{`UPDATE passage SET role = 'ops' WHERE type = 'confirmer_abandon'`}, []string{"I14", "I19"}},
	{"a decision that wrote to nobody", []string{`DELETE FROM courrier WHERE evenement = 'REFUS'`}, []string{"I23"}},
	{"a mail of a step that never was", []string{`UPDATE courrier SET rang = 99 WHERE evenement = 'ACCUSE_RECEPTION'`}, []string{"I23"}},
	{"one message for two mails", []string{`UPDATE courrier SET message_id = 'x' WHERE etat = 'ENVOYE'`}, []string{"I23"}},
	{"a refused mail without a reason", []string{`UPDATE courrier SET etat = 'REFUSE', erreur = '' WHERE etat = 'ENVOYE'`}, []string{"I23"}},
	{"a file unknown", []string{`DELETE FROM fichier`}, []string{"I24"}},
	{"a right of the table", []string{`UPDATE habilitation SET etat = 'REFUSEE' WHERE decidee_par = 'p-con'`}, []string{"I15"}},
	{"a right that no account has", []string{`INSERT INTO habilitation (compte, id, profil, siret, service, etat)
		SELECT compte, 'x', profil, siret, 'CERTIF_SALARIES', 'ACCORDEE' FROM habilitation WHERE decidee_par = 'p-con'`}, []string{"I15"}},
	{"a role of the table", []string{`INSERT INTO role_agent (compte, personne, role) SELECT compte, personne, 'auditeur' FROM role_agent WHERE role = 'ops'`}, []string{"I15"}},
	{"an absence that lasts", []string{`UPDATE delegation SET au = au + 30`}, []string{"I15"}},
	{"a délai of an account that nobody would wake", []string{`UPDATE compte SET prochaine_echeance = NULL WHERE prochaine_echeance IS NOT NULL`}, []string{"I15"}},
	{"for whom an acte was done", []string{`UPDATE passage SET pour = 'p' WHERE objet LIKE 'compte/%' AND type = 'decider_droits'`}, []string{"I19"}},
	{"a right granted by ops", []string{`UPDATE passage SET role = 'ops' WHERE type = 'decider_droits'`}, []string{"I14", "I19"}},
	{"an account that its journal does not close", []string{`UPDATE compte SET etat = 'CLOS' WHERE origine = 'INSCRIPTION' AND etat = 'ACTIF'`}, []string{"I15", "I28"}},
	{"who examines also pays", []string{`ALTER TABLE role_agent DROP CONSTRAINT role_agent_instruit_ou_paie`,
		`INSERT INTO role_agent (compte, personne, role) SELECT compte, personne, 'comptable' FROM role_agent WHERE role = 'gestionnaire'`}, []string{"I15", "I27"}},
	{"a delegation to oneself", []string{`ALTER TABLE delegation DROP CONSTRAINT delegation_autrui`, `UPDATE delegation SET delegue = compte`}, []string{"I15", "I27"}},
	{"a declared link forgotten", []string{`DELETE FROM lien_interet`}, []string{"I27"}},
	{"who decided also builds the lot", []string{`UPDATE passage SET personne = 'p-ges' WHERE type = 'construire_lot'`,
		`UPDATE lot SET contenu = jsonb_set(contenu, '{createurs,0,personne}', '"p-ges"')`, `UPDATE lot_signature SET personne = 'p-ges' WHERE sens = 'PREPARE'`},
		[]string{"I19", "I27"}},
	{"the lot is validated in the name of who decided", []string{`UPDATE passage SET pour = 'p-ges' WHERE type = 'valider_lot'`}, []string{"I19", "I27"}},
	{"the builder validates", []string{`UPDATE passage SET personne = 'p-cpt' WHERE type = 'valider_lot'`}, []string{"I19", "I27"}},
	{"a lot that nobody validated", []string{`UPDATE passage SET motif = 'LIGNES_CHANGEES' WHERE type = 'valider_lot'`}, []string{"I19", "I27"}},
	{"a lot above the thresholds of its day", []string{`INSERT INTO parametre (code, du, valeur, source, approuve_par)
		VALUES ('REGLES', '2026-01-02', '{"lot_troisieme": 1}', 'mutant', 'mutant')`}, []string{"I27"}},
	{"a signature lost", []string{`DELETE FROM lot_signature WHERE sens = 'VALIDE'`}, []string{"I27"}},
	{"who proposed also validates", []string{`UPDATE passage SET personne = 'p-ges' WHERE type = 'valider'`}, []string{"I19", "I27"}},
	{"who granted also accepts the service fait", []string{`INSERT INTO parametre (code, du, valeur, source, approuve_par)
		VALUES ('REGLES', '2026-01-02', '{"second_regard": 1}', 'mutant', 'mutant')`}, []string{"I27"}},
	{"a dossier treated in spite of a declared link", []string{`UPDATE compte SET personne = 'p-ges', contenu = jsonb_set(jsonb_set(contenu, '{personne}', '"p-ges"'),
		'{liens}', '[{"siren": "999001290", "raison": "x", "le": "2026-01-01T00:00:00Z"}]') WHERE origine = 'INSCRIPTION' AND etat = 'ACTIF'`,
		`UPDATE utilisateur u SET personne = 'p-ges' FROM compte c WHERE u.compte = c.id AND c.personne = 'p-ges'`,
		`INSERT INTO lien_interet (personne, siren) VALUES ('p-ges', '999001290')`}, []string{"I27"}},
	{"a delegation that makes who examines pay", []string{`INSERT INTO role_agent (compte, personne, role)
		SELECT d.delegue, c.personne, 'comptable' FROM delegation d JOIN compte c ON c.id = d.delegue`,
		`DELETE FROM role_agent r USING delegation d WHERE r.compte = d.delegue AND r.role = 'gestionnaire'`}, []string{"I15", "I27"}},
	{"a right granted to oneself", []string{`UPDATE compte SET contenu = jsonb_set(contenu, '{habilitations,0,decidee_par,pour}', to_jsonb(personne))
		WHERE origine = 'INSCRIPTION' AND etat = 'ACTIF'`}, []string{"I27"}},
	{"a role given to oneself", []string{`UPDATE compte SET contenu = jsonb_set(contenu, '{roles,0,accorde_par,personne}', to_jsonb(personne))
		WHERE contenu -> 'roles' -> 0 ->> 'role' = 'ops'`}, []string{"I27"}},
	{"a password kept beside its acte", []string{`INSERT INTO secret_acte SELECT id, 'h', now() - interval '2 hours' FROM acte WHERE type = 'confirmer_email'`}, []string{"I22"}},
	{"a code left in a mail that has gone", []string{`UPDATE courrier SET donnees = jsonb_set(donnees, '{courrier,secret}', '"X"')
		WHERE sorte = 'compte' AND etat = 'ENVOYE' AND adresse <> ''`}, []string{"I22"}},
	{"a login without account", []string{`UPDATE utilisateur SET compte = NULL WHERE identifiant = 'e1'`}, []string{"I28"}},
	{"a login under another name", []string{`UPDATE utilisateur SET identifiant = 'autre' WHERE identifiant = 'e1'`}, []string{"I28"}},
	{"a session of a closed account", []string{`UPDATE session SET compte = (SELECT id FROM compte WHERE etat = 'CLOS' LIMIT 1)`}, []string{"I28"}},
	{"a right cut for nothing", []string{`UPDATE habilitation SET coupee = true WHERE decidee_par = 'p-con'`}, []string{"I28"}},
	{"a name left in an erased account", []string{`UPDATE compte SET nom = 'Reste' WHERE contenu ? 'purge_le'`}, []string{"I36"}},
	{"a charge left in an erased account", []string{`UPDATE acte a SET charge = '{"reste": 1}' FROM compte c WHERE a.objet = 'compte/' || c.id AND c.contenu ? 'purge_le'`}, []string{"I36"}},
	{"a byte of a history", []string{`UPDATE histoire SET octets = octets || ' '::bytea`}, []string{"I29"}},
	{"a closed dossier whose history nobody kept", []string{dosClos, `DELETE FROM histoire_suivi`}, []string{"I29"}},
	{"a closed dossier whose history is not there any more", []string{dosClos, `DELETE FROM histoire`}, []string{"I29"}},
	{"a suspension that nobody decided", []string{`DELETE FROM signalement_passage`}, []string{"I38"}},
	{"a suspension that its signalement does not say", []string{`UPDATE signalement SET etat = 'LEVE'`}, []string{"I38"}},
	{"a suspension lost", []string{`DELETE FROM dossier_suspendu`}, []string{"I38"}},
	{"a suspension past its review, in silence", []string{`UPDATE dossier_suspendu SET revoir_le = '2026-01-02'`}, []string{"I38"}},
	{"a word that no search finds", []string{`DELETE FROM dossier_mot WHERE mot = 'excel' OR mot = 'autre'`}, []string{"I37"}},
	{"a brouillon that the staff finds", []string{`UPDATE dossier_mot SET envoye = NOT envoye`}, []string{"I37"}},
	{"a queue that finds by another word", []string{`UPDATE dossier_file_mot SET mot = mot || 'x'`}, []string{"I37"}},
	{"words of a queue in another order", []string{`UPDATE dossier_file_mot SET ordre_enjeu = ordre_enjeu - 1`}, []string{"I37"}},
	{"words of a queue that the dossier left", []string{`INSERT INTO dossier_file_mot SELECT id, 'rejets', 'zzz', ordre_limite, ordre_debut, ordre_enjeu, ordre_depot FROM dossier LIMIT 1`}, []string{"I37"}},
	{"a queue that forgets", []string{`UPDATE dossier_file SET n = 0 WHERE file = 'paiement' AND n > 0`}, []string{"I37"}},
	{"a queue in another order", []string{`UPDATE dossier_file SET ordre_enjeu = ordre_enjeu - 1`}, []string{"I37"}},
	{"a counter one short", []string{`INSERT INTO dossier_compte (portee, code, n) VALUES ('*', 'ACCORDEE', -1)`}, []string{"I37"}},
	{"a figure of a menu one short", []string{`INSERT INTO dossier_compte (portee, code, n) VALUES ('caisse', 'rejets', 1)`}, []string{"I37"}},
	{"a règlement counted as replaced", []string{`UPDATE reglement SET remplace = NOT remplace WHERE id = (SELECT min(id) FROM reglement)`}, []string{"I37"}},
	{"a counter of nobody", []string{`INSERT INTO dossier_compte (portee, code, n) VALUES ('O:00000000000000', 'ACCORDEE', 1)`}, []string{"I37"}},
}

// comptesAVerifier adds accounts made by real steps: one open with a right, one
// erased, an absence and a declared link among the staff, a session.
func (b *baseVerifiee) comptesAVerifier() {
	b.t.Helper()
	b.a("2026-03-02 09:00:00")
	efface, _ := b.inscrit("efface@sorbier.test")
	b.envoyerTout()
	b.a("2026-04-20 09:00:00")
	b.echoirCompte(efface)
	b.a("2026-05-05 09:00:00")
	actif := b.actif("eloise@sorbier.test")
	b.appliquer(accorder(actif, droitE1))
	b.envoyerTout()
	b.s.DB.MustExec(`INSERT INTO session (token, data, expiry, id, compte) VALUES ('t', '', now() + interval '1 hour', 's', $1)`, actif)
	un, deux := b.agentDemo("gestionnaire"), b.agentDemo("gestionnaire2")
	b.appliquer(envoi{compte: un.ID, t: opco.ActeDeleguer, par: acteurDe(un), via: un.ID, charge: opco.ChargeDelegation{ID: "d1", Delegue: deux.ID,
		Role: opco.RoleGestionnaire, Du: "2026-05-06", Au: "2026-05-08", Raison: "Congés."}})
	b.appliquer(envoi{compte: un.ID, t: opco.ActeDeclarerLien, par: acteurDe(un), via: un.ID,
		charge: opco.ChargeLien{SIREN: "999001290", Raison: "Son frère y travaille."}})
}

func TestVerifyCatchesEachMutantAndNothingElse(t *testing.T) {
	b := baseAVerifier(t)
	b.comptesAVerifier()
	codes, r := b.rompus(b.verificateur())
	if r.Tenue() != store.Tenu {
		b.expliquer(r)
		t.Fatalf("got %s, broken %v on a base made by real steps; want tenu", r.Tenue(), codes)
	}
	for _, x := range r.Resultats {
		if x.Examines == 0 {
			t.Errorf("%s looked at nothing: its mutants would prove nothing", x.Code)
		}
	}
	b.sauver()
	vus := map[string]bool{}
	for _, tt := range mutants {
		t.Run(tt.name, func(t *testing.T) {
			b.corrompre(tt.sql...)
			defer b.rendre()
			codes, r := b.rompus(b.verificateur())
			if !slices.Equal(codes, tt.rompus) {
				b.expliquer(r)
				t.Errorf("got %v broken, want %v", codes, tt.rompus)
			}
			for _, c := range codes {
				vus[c] = true
			}
		})
	}
	if codes, _ := b.rompus(b.verificateur()); codes != nil {
		t.Errorf("got %v broken once every mutant is undone", codes)
	}
	for _, x := range r.Resultats {
		if !vus[x.Code] {
			t.Errorf("no mutant trips %s", x.Code)
		}
	}
}

// What cannot be looked at is not a pass; what a file or an engine says is
// compared too.
func TestVerifySaysWhatItCannotSee(t *testing.T) {
	b := baseAVerifier(t)
	coupe := errors.New("connection refused")
	tests := []struct {
		name  string
		avec  func(v *store.Verificateur)
		code  string
		tenue store.Tenue
	}{
		{"no directory of files", func(v *store.Verificateur) { v.Fichiers = nil }, "I24", store.NonVerifiable},
		{"no writer of payment files", func(v *store.Verificateur) { v.Ordre = nil }, "I5", store.NonVerifiable},
		{"no engine", func(v *store.Verificateur) { v.Procedure = nil }, "I15", store.NonVerifiable},
		{"an engine that does not answer", func(v *store.Verificateur) {
			v.Procedure = func(context.Context, string) (opco.Issue, bool, error) { return opco.Issue{}, false, coupe }
		}, "I15", store.NonVerifiable},
		{"one procedure that says nothing, and another ahead of the table", func(v *store.Verificateur) {
			bon, muet := v.Procedure, ""
			var verrou sync.Mutex
			v.Procedure = func(ctx context.Context, o string) (opco.Issue, bool, error) {
				verrou.Lock()
				defer verrou.Unlock()
				if muet == "" {
					muet = o
				}
				if o == muet {
					return opco.Issue{}, false, coupe
				}
				i, ok, err := bon(ctx, o)
				i.Rang++
				return i, ok, err
			}
		}, "I15", store.Rompu},
		{"a procedure ahead of the table", func(v *store.Verificateur) {
			bon := v.Procedure
			v.Procedure = func(ctx context.Context, o string) (opco.Issue, bool, error) {
				i, ok, err := bon(ctx, o)
				i.Rang++
				return i, ok, err
			}
		}, "I15", store.Rompu},
		{"a writer of other files", func(v *store.Verificateur) {
			v.Ordre = func(w io.Writer, _ *opco.Lot) error {
				_, err := io.WriteString(w, "<Document/>")
				return err
			}
		}, "I5", store.Rompu},
		{"procedures that the relay will start", func(v *store.Verificateur) {
			v.Procedure = func(context.Context, string) (opco.Issue, bool, error) { return opco.Issue{}, false, nil }
		}, "I15", store.Tenu},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := b.verificateur()
			tt.avec(v)
			_, r := b.rompus(v)
			for _, x := range r.Resultats {
				want := store.Tenu
				if x.Code == tt.code {
					want = tt.tenue
				}
				if x.Tenue != want {
					b.expliquer(r)
					t.Errorf("got %s %s, want %s", x.Code, x.Tenue, want)
				}
			}
			if r.Tenue() != tt.tenue {
				t.Errorf("got %s for the whole, want %s", r.Tenue(), tt.tenue)
			}
		})
	}
}

// An open dossier whose échéance has passed and that no procedure holds was
// forgotten; one that has ended since the snapshot was not.
func TestVerifyFindsForgottenDossiers(t *testing.T) {
	b := baseAVerifier(t)
	b.a("2026-09-30 12:00:00")                                      // every échéance of the base has passed
	if _, err := b.s.RappelerSuspensions(t.Context()); err != nil { // as the worker does, procedures or not
		t.Fatal(err)
	}
	aucune := func(context.Context, string) (opco.Issue, bool, error) { return opco.Issue{}, false, nil }
	v := b.verificateur()
	v.Procedure = aucune
	if codes, r := b.rompus(v); !slices.Equal(codes, []string{"I15"}) {
		b.expliquer(r)
		t.Errorf("got %v broken with échéances that nobody keeps, want I15", codes)
	}
	var ouverts []string
	err := b.s.DB.Select(&ouverts, `SELECT id FROM dossier WHERE prochaine_echeance IS NOT NULL`)
	if err != nil || len(ouverts) == 0 {
		t.Fatalf("got %d dossiers with an échéance, %v", len(ouverts), err)
	}
	var fois sync.Once
	v.Procedure = func(ctx context.Context, o string) (opco.Issue, bool, error) {
		fois.Do(func() { // the procedures do what was due between the snapshot and the question
			for _, id := range ouverts {
				b.echoir(id)
			}
		})
		return aucune(ctx, o)
	}
	if codes, r := b.rompus(v); codes != nil {
		b.expliquer(r)
		t.Errorf("got %v broken once the procedures have caught up", codes)
	}
}

func TestVerifyReadsTheFilesThemselves(t *testing.T) {
	b := baseAVerifier(t)
	var empreinte string
	if err := b.s.DB.Get(&empreinte, `SELECT empreinte FROM fichier`); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(b.dir, empreinte[:2], empreinte), []byte("un dokument"), 0o600); err != nil {
		t.Fatal(err)
	}
	if codes, r := b.rompus(b.verificateur()); !slices.Equal(codes, []string{"I24"}) {
		b.expliquer(r)
		t.Errorf("got %v broken after a file was changed on disk, want I24", codes)
	}
}

// A file that no row names is an upload cut before its row, or a row lost: it is said
// after a day, once nothing can still be on its way.
func TestVerifyFindsFilesOfNobody(t *testing.T) {
	b := baseAVerifier(t)
	for _, nom := range []string{"ab/abcd", "quarantaine-x"} {
		chemin := filepath.Join(b.dir, nom)
		if err := errors.Join(os.MkdirAll(filepath.Dir(chemin), 0o700), os.WriteFile(chemin, []byte("x"), 0o600)); err != nil {
			t.Fatal(err)
		}
		if codes, _ := b.rompus(b.verificateur()); codes != nil {
			t.Errorf("got %v broken by %s, which has just come", codes, nom)
		}
		hier := time.Now().Add(-25 * time.Hour)
		if err := os.Chtimes(chemin, hier, hier); err != nil {
			t.Fatal(err)
		}
		if codes, _ := b.rompus(b.verificateur()); !slices.Equal(codes, []string{"I24"}) {
			t.Errorf("got %v broken by %s, a day old and of nobody; want I24", codes, nom)
		}
		if err := os.Remove(chemin); err != nil {
			t.Fatal(err)
		}
	}
}

// Online, a breach on an object that has just moved is looked at again: one that
// heals is not reported, one that stays is.
func TestVerifyOnlineLooksAgain(t *testing.T) {
	b := baseAVerifier(t)
	fois := 0
	v := b.verificateur()
	bon := v.Procedure
	v.EnLigne, v.Pause = true, time.Millisecond
	v.Procedure = func(ctx context.Context, o string) (opco.Issue, bool, error) {
		i, ok, err := bon(ctx, o)
		var etat string
		if e := b.s.DB.Get(&etat, `SELECT etat FROM dossier WHERE 'dossier/' || id = $1`, o); e == nil && etat == "ACCORDEE" {
			if fois++; fois <= 6 { // the first pass asks once, then five times more
				i.Rang--
			}
		}
		return i, ok, err
	}
	if codes, r := b.rompus(v); codes != nil || fois != 7 {
		b.expliquer(r)
		t.Errorf("got %v broken after %d looks; want none after 7", codes, fois)
	}
	b.corrompre(`UPDATE dossier SET paye = paye - 1 WHERE paye > 0`)
	if codes, _ := b.rompus(v); !slices.Equal(codes, []string{"I15", "I37"}) {
		t.Errorf("got %v broken, want I15, and I37 for the order of its queues: it does not heal", codes)
	}
}

func TestVerifyOneDossier(t *testing.T) {
	b := baseAVerifier(t)
	var paye, autre string
	if err := b.s.DB.Get(&paye, `SELECT id FROM dossier WHERE paye > 0`); err != nil {
		t.Fatal(err)
	}
	if err := b.s.DB.Get(&autre, `SELECT id FROM dossier WHERE etat = 'ANNULEE'`); err != nil {
		t.Fatal(err)
	}
	b.corrompre(fmt.Sprintf(`UPDATE solde SET montant = montant + 1 WHERE dossier = '%s' AND compte = 'PAYE'`, paye),
		`UPDATE fichier_bancaire SET octets = octets || ' '::bytea`)
	for _, tt := range []struct {
		dossier string
		want    []string
	}{{paye, []string{"I2", "I5"}}, {autre, nil}} {
		v := b.verificateur()
		v.Dossier = tt.dossier
		if codes, r := b.rompus(v); !slices.Equal(codes, tt.want) {
			b.expliquer(r)
			t.Errorf("got %v broken for dossier %s, want %v", codes, tt.dossier, tt.want)
		}
	}
	v := b.verificateur()
	v.Dossier = uuid.NewString()
	if _, err := v.Verifier(b.ctx); !errors.Is(err, opco.NotFound) {
		t.Errorf("got %v for a dossier that does not exist, want NotFound", err)
	}
}

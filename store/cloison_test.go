package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
	"guichet/store"
	"guichet/store/storetest"
)

// maison is one of two companies and its organisme, each with one row of every table
// that an organisation reads.
type maison struct {
	nom, dossier, entreprise, organisme string
}

var maisons = []maison{
	{"A", "aaaaaaaa-0000-4000-8000-000000000001", "99900101900010", "99900136500017"},
	{"B", "bbbbbbbb-0000-4000-8000-000000000001", "99900122500013", "99900150600016"},
}

// cloisons says of every table what an organisation reads of it under its role: for
// each portal, the query whose rows are then its own; "" where nothing is granted.
// Nothing is ever written. A new table has no row here, and fails the test.
var cloisons = map[string]struct{ entreprise, organisme string }{
	"dossier":   {`SELECT id FROM dossier`, `SELECT id FROM dossier`},
	"facture":   {`SELECT dossier FROM facture`, `SELECT dossier FROM facture`},
	"reglement": {`SELECT dossier FROM reglement`, `SELECT dossier FROM reglement`},
	"passage":   {`SELECT dossier_de(objet) FROM passage`, `SELECT dossier_de(objet) FROM passage`},
	"acte":      {`SELECT dossier_de(objet) FROM acte`, `SELECT dossier_de(objet) FROM acte`},
	"piece":     {`SELECT dossier FROM piece`, `SELECT dossier FROM piece`},
	"fichier":   {`SELECT empreinte FROM fichier`, `SELECT empreinte FROM fichier`},
	"courrier":  {`SELECT dossier_de(objet) FROM courrier`, `SELECT dossier_de(objet) FROM courrier`},
	"lecture":   {`SELECT dossier FROM lecture`, `SELECT dossier FROM lecture`},
	"enveloppe": {`SELECT siren || '00000' FROM enveloppe`, ``},
	"solde":     {`SELECT left(enveloppe, 9) || '00000' FROM solde`, ``},
	// Derived from dossier, facture and reglement by triggers: nothing fills them here but those.
	"dossier_mot":         {`SELECT DISTINCT dossier FROM dossier_mot`, `SELECT DISTINCT dossier FROM dossier_mot`},
	"dossier_file":        {`SELECT DISTINCT dossier FROM dossier_file`, `SELECT DISTINCT dossier FROM dossier_file`},
	"dossier_compte":      {`SELECT DISTINCT substr(portee, 3) FROM dossier_compte`, `SELECT DISTINCT substr(portee, 3) FROM dossier_compte`},
	"dossier_compte_reel": {}, "dossier_file_mot": {}, "dossier_file_mot_reel": {},
	"echange": {`SELECT dossier FROM echange`, `SELECT dossier FROM echange`},

	"note": {}, "note_version": {}, "mention": {},
	"document":         {`SELECT organisme FROM document`, `SELECT organisme FROM document`},
	"reglement_repris": {`SELECT organisme FROM reglement_repris`, `SELECT organisme FROM reglement_repris`},
	"pointage":         {`SELECT organisme FROM pointage`, `SELECT organisme FROM pointage`},
	"facture_statut":   {`SELECT f.dossier FROM facture_statut s JOIN facture f ON f.id = s.facture`, `SELECT f.dossier FROM facture_statut s JOIN facture f ON f.id = s.facture`},
	"facture_lue":      {`SELECT dossier FROM facture_lue`, `SELECT dossier FROM facture_lue`},
	"lot":              {`SELECT id FROM lot`, `SELECT id FROM lot`},

	"fichier_a_jeter": {},
	"mise_de_cote":    {`SELECT dossier FROM mise_de_cote`, `SELECT dossier FROM mise_de_cote`},
	"mention_facture": {`SELECT siren || '00000' FROM mention_facture`, ``},

	"stagiaire":           {`SELECT dossier FROM stagiaire`, ``},
	"salarie":             {`SELECT id FROM salarie`, ``},
	"salarie_journal":     {`SELECT salarie FROM salarie_journal`, ``},
	"importation":         {`SELECT id FROM importation`, ``},
	"importation_demande": {`SELECT dossier FROM importation_demande`, ``},

	"rib":  {`SELECT siren FROM rib`, `SELECT siren FROM rib`},
	"indu": {`SELECT dossier FROM indu`, `SELECT dossier FROM indu`},

	"dossier_suspendu": {`SELECT dossier FROM dossier_suspendu`, `SELECT dossier FROM dossier_suspendu`},

	"signalement": {}, "signal": {}, "signalement_passage": {}, "signal_attente": {}, "prix_horaire": {},

	"courrier_dossier": {`SELECT DISTINCT dossier FROM courrier_dossier`, `SELECT DISTINCT dossier FROM courrier_dossier`}, "numerotation": {},

	"rib_passage": {}, "compensation": {}, "reprise": {}, "remboursement": {}, "dotation": {}, "exercice": {},
	"saisie": {}, "ecriture": {}, "categorie_document": {}, "document_passage": {}, "lot_signature": {}, "lot_ligne": {}, "lot_chantier": {}, "fichier_bancaire": {}, "depart_lot": {}, "fichier_bancaire_suite": {}, "retour_bancaire": {}, "retour_bancaire_suite": {}, "entree_bancaire": {},
	"entreprise": {}, "organisme": {}, "qualiopi": {}, "etablissement": {}, "opco": {},
	"parametre": {}, "bareme": {}, "compteur": {}, "horloge": {}, "incident": {}, "ronde": {}, "intervention": {}, "intervention_element": {}, "interrupteur": {}, "histoire": {}, "histoire_suivi": {}, "histoire_borne": {}, "rejeu": {}, "verification": {}, "executant": {}, "depart_inconnu": {}, "goose_db_version": {},
	"personne": {}, "utilisateur": {}, "cle_api": {}, "echec_connexion": {}, "session": {},
	"compte": {}, "habilitation": {}, "delegation": {}, "role_agent": {}, "regle_auto": {}, "lien_interet": {}, "reprise_compte": {},
	"epreuve": {}, "essai_auto": {}, "sollicitation": {}, "identite_externe": {}, "passkey": {}, "secret_acte": {}, "organisme_ouvert": {},
	"prise": {}, "attente": {}, "attribution": {}, "portefeuille": {}, "etiquette": {}, "etiquette_dossier": {}, "vue_enregistree": {}, "vue_defaut": {}, "geste": {},
	"action_lot": {}, "action_lot_element": {}, "preference": {}, "mesure": {}, "unite": {}, "information": {}, "annonce_journal": {},
}

// deuxMaisons fills a database with the rows of both companies, and a dossier that
// each may not see although it is its own or names it.
func deuxMaisons(t *testing.T) *store.Store {
	t.Helper()
	s := storetest.Ouvrir(t)
	for _, m := range maisons {
		for _, q := range []string{
			`INSERT INTO dossier (id, etat, rang, etablissement, siren, organisme, resume, contenu, recherche, cree_le, modifie_le)
			 VALUES ('{d}', 'TRANSMISE', 1, '{e}', left('{e}', 9), '{o}', '{}', '{}', 'excel {n}', now(), now())`,
			`INSERT INTO dossier (id, etat, rang, etablissement, siren, organisme, resume, contenu, recherche, cree_le, modifie_le)
			 VALUES (gen_random_uuid(), 'SUPPRIME', 1, '{e}', left('{e}', 9), '{o}', '{}', '{}', 'excel {n}', now(), now())`,
			`INSERT INTO facture (id, dossier, numero, emetteur, etat, total_ht, recue_le) VALUES ('f{n}', '{d}', 'F1', '{o}', 'DEPOSEE', 100, now())`,
			`INSERT INTO facture_statut (facture, rang, code, etat, le) VALUES ('f{n}', 1, 200, 'DEPOSEE', now())`,
			`INSERT INTO reglement (id, numero, dossier, facture, tentative, montant, parts, beneficiaire, beneficiaire_nom, iban, echeance, etat, modifie_le)
			 VALUES ('r{n}', 'R{n}', '{d}', 'f{n}', 1, 100, '[]', '{o}', 'OF', 'FR76', now(), 'A_PAYER', now())`,
			`INSERT INTO lot (id, etat, rang, execution, groupe, nombre, somme, contenu, resume, cree_par, cree_le)
			 VALUES ('l{n}', 'PROPOSE', 1, now(), false, 1, 100, '{}', '{}', '', now())`,
			`UPDATE reglement SET lot = 'l{n}' WHERE id = 'r{n}'`,
			`INSERT INTO passage (objet, rang, type, de, vers, verdict, role, le, effet, resume, precedente, empreinte)
			 VALUES ('dossier/{d}', 1, 'creer', '', 'BROUILLON', 'applique', 'entreprise', now(), now(), '{}', '', '{n}'),
			        ('lot/{n}', 1, 'construire', '', 'PROPOSE', 'applique', 'comptable', now(), now(), '{}', '', '{n}')`,
			`INSERT INTO acte (id, objet, seq, type, role, empreinte, recu_le)
			 VALUES (gen_random_uuid(), 'dossier/{d}', 1, 'creer', 'entreprise', '{n}', now()),
			        (gen_random_uuid(), 'lot/{n}', 1, 'construire', 'comptable', '{n}', now())`,
			`INSERT INTO fichier (empreinte, taille, type) VALUES ('{d}', 1, 'application/pdf'), ('{n}-libre', 1, 'application/pdf'), ('{n}-rib', 1, 'application/pdf')`,
			`INSERT INTO piece (id, dossier, type, titre, nom, empreinte, etat, depose_par, depose_nom, depose_role, depose_le)
			 VALUES (gen_random_uuid(), '{d}', 'PROGRAMME', '', '', '{d}', 'RECUE', '', '', 'entreprise', now()),
			        (gen_random_uuid(), '{d}', 'RIB', '', '', '{n}-rib', 'RECUE', '', '', 'gestionnaire', now())`,
			`INSERT INTO facture_lue (piece, dossier, contenu, electronique, lue_le)
			 SELECT id, dossier, '{}', '{}', now() FROM piece WHERE dossier = '{d}'`,
			`INSERT INTO document (id, organisme, categorie, libelle, nom, empreinte, etat, depose_par, depose_nom, depose_role, depose_le, recherche)
			 VALUES (gen_random_uuid(), '{o}', 'ORG_SANS_DOSSIER', '', '', '{d}', 'RECU', '', '', 'organisme', now(), ''),
			        (gen_random_uuid(), '{o}', 'ORG_SANS_DOSSIER', '', '', '{n}-libre', 'SUPPRIME', '', '', 'organisme', now(), '')`,
			`INSERT INTO reglement_repris (id, organisme, numero, dossier, nom, prenom, formation, minutes, du, au, montant, execute_le, recherche)
			 VALUES ('h{n}', '{o}', 'R', '1', '', '', '', 60, now(), now(), 1, now(), '')`,
			`INSERT INTO pointage (reglement, organisme, pointe, personne, nom, le) VALUES ('h{n}', '{o}', true, 'p', '', now())`,
			`INSERT INTO courrier (id, objet, rang, evenement, pour, adresse, donnees, le)
			 VALUES ('c{n}e', 'dossier/{d}', 1, 'E', 'entreprise', '', '{}', now()), ('c{n}o', 'dossier/{d}', 1, 'E', 'organisme', '', '{}', now()),
			        ('c{n}l', 'lot/{n}', 1, 'E', 'entreprise', '', '{}', now())`,
			`INSERT INTO courrier_dossier (dossier, courrier) VALUES ('{d}', 'c{n}e'), ('{d}', 'c{n}o')`,
			`INSERT INTO stagiaire (dossier, id, nom, prenom, cle) VALUES ('{d}', 's1', 'N', 'P', 'p n')`,
			`INSERT INTO salarie (id, siren, etablissement, nom, prenom, cle, tri, ne_le, cree_le, cree_par, modifie_le, modifie_par)
			 VALUES ('{d}', left('{e}', 9), '{e}', 'N', 'P', 'p n', 'n p', '1988-05-02', now(), 'p', now(), 'p')`,
			`INSERT INTO salarie_journal (salarie, le, personne, nom, geste) VALUES ('{d}', now(), 'p', 'P', 'ajout')`,
			`WITH s AS (INSERT INTO signalement (dossier, etat, points, enjeu, codes, ouvert_le, modifie_le) VALUES ('{d}', 'RETENU', 60, 1, '{}', now(), now())),
			      p AS (INSERT INTO signalement_passage (dossier, rang, acte, fait, raison, personne, nom, role, le)
			            VALUES ('{d}', 1, gen_random_uuid(), 'retenir', 'x', 'p', 'P', 'controleur', now()))
			 INSERT INTO dossier_suspendu (dossier, depuis, revoir_le) VALUES ('{d}', now(), '2026-05-19')`,
			`INSERT INTO importation (id, empreinte, fichier, lignes, personne, nom, le) VALUES ('{d}', '{n}', 'f.csv', 1, 'p', 'P', now())`,
			`INSERT INTO importation_demande (importation, ligne, dossier) VALUES ('{d}', 2, '{d}')`,
			`INSERT INTO enveloppe (id, siren, annee, fonds, ordre, libelle) VALUES (left('{e}', 9) || '-2026', left('{e}', 9), 2026, 'PDC', 1, '')`,
			`INSERT INTO solde (enveloppe, compte, dossier, montant) VALUES (left('{e}', 9) || '-2026', 'ENVELOPPE', '', 100)`,
			`INSERT INTO indu (id, numero, dossier, facture, debiteur, role, cause, etat, rang, montant, reste, contenu, resume, constate_le, modifie_le)
			 SELECT i || f.id, i || f.id, f.dossier, f.id, s, r, 'AVOIR', e, 1, 1, 1, '{}', '{}', now(), now()
			 FROM facture f, (VALUES ('1', 'organisme', 'NOTIFIE', '{o}'), ('2', 'entreprise', 'CONTESTE', '{e}'), ('3', 'organisme', 'CONSTATE', '{o}'),
			                         ('4', 'organisme', 'NOTIFIE', '00000000000000')) v(i, r, e, s)
			 WHERE f.dossier = '{d}' ORDER BY 1`,
			`INSERT INTO rib (id, siren, sorte, nom, iban, etat, propose_le, modifie_le)
			 VALUES (gen_random_uuid(), left('{e}', 9), 'entreprise', '', '', 'ACTIF', now(), now()),
			        (gen_random_uuid(), left('{o}', 9), 'organisme', '', '', 'ACTIF', now(), now()),
			        (gen_random_uuid(), left('{o}', 9), 'entreprise', '', '', 'ACTIF', now(), now())`,
			`INSERT INTO lecture (le, personne, identifiant, nom, role, objet, dossier, classes, route, nombre)
			 VALUES (now(), 'p', 'g', 'G', 'gestionnaire', 'dossier/{d}', '{d}', '{identite}', 'GET /', 1),
			        (now(), 'p', 'g', 'G', 'gestionnaire', 'liste', NULL, '{identite}', 'GET /', 9)`,
			`INSERT INTO echange (id, dossier, fil, de, personne, nom, role, texte, le)
			 VALUES (gen_random_uuid(), '{d}', 'entreprise', 'opco', 'p', 'G', 'gestionnaire', 'T', now()),
			        (gen_random_uuid(), '{d}', 'organisme', 'opco', 'p', 'G', 'gestionnaire', 'T', now())`,
			`INSERT INTO mise_de_cote (id, dossier, type, nom, empreinte, taille, format, personne, depose_nom, depose_role, le)
			 VALUES (gen_random_uuid(), '{d}', 'FACTURE', 'f', '{d}', 1, '', 'p-personne', '', 'entreprise', now())`,
			`INSERT INTO mention_facture (siren, forme_juridique, signataire, fonction, lieu, personne, nom, le) VALUES (left('{e}', 9), 'SA', 'S', 'F', 'L', 'p', 'N', now())`,
			`INSERT INTO note (id, dossier, personne, nom, role, le) VALUES (gen_random_uuid(), '{d}', 'p', 'G', 'gestionnaire', now())`,
		} {
			q = strings.NewReplacer("{d}", m.dossier, "{e}", m.entreprise, "{o}", m.organisme, "{n}", m.nom).Replace(q)
			if _, err := s.DB.Exec(q); err != nil {
				t.Fatalf("%s: %v", q, err)
			}
		}
	}
	return s
}

// portees are the readers of the matrix: nobody, then each portal of each company.
func portees() map[string]opco.Portee {
	ps := map[string]opco.Portee{"unset": {}, "role only": {Role: opco.RoleEntreprise}, "staff role": {Role: opco.RoleGestionnaire,
		SIRETs: []string{maisons[0].entreprise, maisons[0].organisme}}}
	for _, m := range maisons {
		ps["entreprise "+m.nom] = opco.Portee{Role: opco.RoleEntreprise, SIRETs: []string{m.entreprise}}
		ps["organisme "+m.nom] = opco.Portee{Role: opco.RoleOrganisme, SIRETs: []string{m.organisme}}
	}
	return ps
}

// siens is what the query of a table must return for a reader.
func siens(table, requete string, p opco.Portee) []string {
	for _, m := range maisons {
		lit := p.Role == opco.RoleEntreprise && slices.Contains(p.SIRETs, m.entreprise) ||
			p.Role == opco.RoleOrganisme && slices.Contains(p.SIRETs, m.organisme)
		switch {
		case !lit || requete == "":
		case table == "document" || table == "reglement_repris" || table == "pointage":
			if p.Role == opco.RoleOrganisme {
				return []string{m.organisme}
			}
			return nil
		case table == "rib" && p.Role == opco.RoleOrganisme:
			return []string{m.organisme[:9]}
		case table == "rib":
			return []string{m.entreprise[:9]}
		case table == "lot":
			return []string{"l" + m.nom}
		case table == "mise_de_cote": // none of the readers put a file aside
			return nil
		case table == "enveloppe" || table == "solde" || table == "mention_facture":
			return []string{m.entreprise[:9] + "00000"}
		case table == "dossier_compte" && p.Role == opco.RoleOrganisme:
			return []string{m.organisme}
		case table == "dossier_compte":
			return []string{m.entreprise}
		default:
			return []string{m.dossier}
		}
	}
	return nil
}

func tables(t *testing.T, s *store.Store) []string {
	t.Helper()
	var ts []string
	if err := s.DB.Select(&ts, `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1`); err != nil {
		t.Fatal(err)
	}
	return ts
}

// TestCloisons reads every table as every reader: an organisation finds its own rows
// and nothing else, nobody finds anything, and what is not granted is refused.
func TestCloisons(t *testing.T) {
	s := deuxMaisons(t)
	essais := 0
	existe := tables(t, s)
	for table := range cloisons {
		if !slices.Contains(existe, table) {
			t.Errorf("cloisons has a row for %s, which is no table", table)
		}
	}
	for _, table := range existe {
		attendu, ok := cloisons[table]
		if !ok {
			t.Errorf("table %s has no row in cloisons: say what an organisation reads of it", table)
		}
		for nom, p := range portees() {
			essais++
			requete := attendu.entreprise
			if p.Role == opco.RoleOrganisme {
				requete = attendu.organisme
			}
			var lus []string
			err := s.Lire(t.Context(), p, func(q sqlx.QueryerContext) error {
				lisible := attendu.entreprise != ""
				if !lisible {
					return sqlx.SelectContext(t.Context(), q, &lus, `SELECT 1 FROM `+pq.QuoteIdentifier(table))
				}
				return sqlx.SelectContext(t.Context(), q, &lus, attendu.entreprise)
			})
			if attendu.entreprise == "" {
				if !droitRefuse(err) {
					t.Errorf("%s as %s: got %v (%v), want the right to be refused", table, nom, lus, err)
				}
				continue
			}
			if veut := siens(table, requete, p); err != nil || !slices.Equal(lus, veut) {
				t.Errorf("%s as %s: got %v (%v), want %v", table, nom, lus, err, veut)
			}
		}
	}
	if essais < 150 {
		t.Errorf("only %d cases tried", essais)
	}
}

// TestRienNEcrit: under its role an organisation writes nothing, in any table, even
// in a transaction that is not read only.
func TestRienNEcrit(t *testing.T) {
	s := deuxMaisons(t)
	for _, table := range tables(t, s) {
		if slices.Contains([]string{"dossier_compte_reel", "dossier_file_mot_reel"}, table) { // a view that computes: not even its owner may write it
			continue
		}
		var colonne string
		if err := s.DB.Get(&colonne, `SELECT column_name FROM information_schema.columns
			WHERE table_schema = 'public' AND table_name = $1 AND is_generated = 'NEVER' AND is_identity = 'NO' LIMIT 1`, table); err != nil {
			t.Fatal(err)
		}
		for nom, p := range portees() {
			for _, q := range []string{`INSERT INTO %[1]s (%[2]s) VALUES (NULL)`, `UPDATE %[1]s SET %[2]s = NULL`, `DELETE FROM %[1]s`, `TRUNCATE %[1]s`} {
				q = fmt.Sprintf(q, pq.QuoteIdentifier(table), pq.QuoteIdentifier(colonne))
				if err := ecrire(s, p, q); !droitRefuse(err) {
					t.Errorf("%s as %s: got %v, want the right to be refused", q, nom, err)
				}
			}
		}
	}
}

// ecrire runs q as an organisation would if its reads could write.
func ecrire(s *store.Store, p opco.Portee, q string) error {
	tx, err := s.DB.Beginx()
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // nothing to keep
	if _, err := tx.Exec(`SELECT set_config('guichet.role', $1, true), set_config('guichet.sirets', $2, true), set_config('role', 'guichet_organisation', true)`,
		string(p.Role), pq.Array(p.SIRETs)); err != nil {
		return err
	}
	_, err = tx.Exec(q)
	return err
}

// droitRefuse reports whether PostgreSQL refused err for want of a right.
func droitRefuse(err error) bool {
	var e *pq.Error
	return errors.As(err, &e) && e.Code == "42501"
}

// TestColonnesFermees: what an organisation never reads of a row that it sees.
func TestColonnesFermees(t *testing.T) {
	s := deuxMaisons(t)
	for table, colonnes := range map[string][]string{
		"reglement": {"iban", "beneficiaire_nom", "instruit_par", "parts"}, "document": {"depose_par"}, "pointage": {"personne"}, "lot": {"somme", "contenu", "cree_par"}, "facture": {"motif", "approuve"}, "courrier": {"donnees"}, "acte": {"charge", "empreinte", "session"},
		"lecture": {"personne", "identifiant", "motif", "pour", "route"}, "echange": {"personne", "lu_par"}, "rib": {"vu_par", "valide_nom", "propose_par", "motif", "preuve", "contact", "leve_par", "rendu_nom"},
	} {
		for _, c := range colonnes {
			var lus []string
			err := s.Lire(t.Context(), portees()["entreprise A"], func(q sqlx.QueryerContext) error {
				return sqlx.SelectContext(t.Context(), q, &lus, `SELECT `+c+`::text FROM `+table)
			})
			if !droitRefuse(err) {
				t.Errorf("%s.%s: got %v (%v), want the right to be refused", table, c, lus, err)
			}
		}
	}
}

// TestPorteEntrelacee: one connection, two companies, an organisme and the staff in
// turn: each reads its own, 2,000 times, and the connection comes back as it was.
func TestPorteEntrelacee(t *testing.T) {
	s := deuxMaisons(t)
	s.DB.SetMaxOpenConns(1)
	ps := portees()
	lecteurs := []struct {
		nom  string
		p    opco.Portee
		veut []string
	}{
		{"entreprise A", ps["entreprise A"], []string{maisons[0].dossier}},
		{"organisme B", ps["organisme B"], []string{maisons[1].dossier}},
		{"entreprise B", ps["entreprise B"], []string{maisons[1].dossier}},
		{"staff", opco.Portee{Interne: true, Role: opco.RoleGestionnaire}, []string{maisons[0].dossier, maisons[1].dossier}},
	}
	var wg sync.WaitGroup
	for _, l := range lecteurs {
		wg.Go(func() {
			for range 500 {
				page, err := s.Dossiers(context.Background(), l.p, store.Filtre{})
				lus := []string{}
				for _, d := range page.Dossiers {
					lus = append(lus, d.ID)
				}
				if slices.Sort(lus); err != nil || !slices.Equal(lus, l.veut) {
					t.Errorf("%s reads %v (%v), want %v", l.nom, lus, err, l.veut)
					return
				}
			}
		})
	}
	wg.Wait()
	var role, reglages string
	err := s.DB.QueryRow(`SELECT current_user = session_user, concat(current_setting('guichet.role', true), current_setting('guichet.sirets', true),
		current_setting('guichet.sirens', true), current_setting('guichet.personne', true))`).Scan(&role, &reglages)
	if err != nil || role != "true" || reglages != "" {
		t.Errorf("the connection came back with role %s, settings %q (%v)", role, reglages, err)
	}
}

// TestRequeteSansCondition plays the bug that the second line is for: a query of the
// store that forgets whose rows it reads.
func TestRequeteSansCondition(t *testing.T) {
	s := deuxMaisons(t)
	p := portees()["organisme A"]
	for _, q := range []string{
		`SELECT d.id FROM dossier d`,
		`SELECT d.id FROM dossier d WHERE d.id IS NOT NULL OR true`,
		`SELECT d.id FROM facture f LEFT JOIN dossier d ON true`,
		`SELECT f.dossier FROM facture f JOIN reglement r ON true`,
		`SELECT DISTINCT p.dossier FROM piece p, courrier c`,
		`WITH tous AS (SELECT * FROM dossier) SELECT id FROM tous UNION SELECT dossier FROM piece`,
		`SELECT dossier_de(objet) FROM passage WHERE objet LIKE '%'`,
		`SELECT id FROM dossier WHERE id IN ('` + maisons[0].dossier + `', '` + maisons[1].dossier + `')`,
	} {
		var lus []string
		err := s.Lire(t.Context(), p, func(x sqlx.QueryerContext) error { return sqlx.SelectContext(t.Context(), x, &lus, q) })
		if err != nil || !slices.Equal(slices.Compact(lus), []string{maisons[0].dossier}) {
			t.Errorf("%s: got %v (%v), want %s alone", q, lus, err, maisons[0].dossier)
		}
	}
}

// TestActeEnPortee: an acte is read by the staff, its author and who reads its
// dossier.
func TestActeEnPortee(t *testing.T) {
	s := deuxMaisons(t)
	var id, lot string
	if err := s.DB.Get(&id, `UPDATE acte SET personne = 'p-auteur' WHERE objet = $1 RETURNING id`, opco.ObjetDossier(maisons[0].dossier)); err != nil {
		t.Fatal(err)
	}
	if err := s.DB.Get(&lot, `SELECT id FROM acte WHERE objet = 'lot/A'`); err != nil {
		t.Fatal(err)
	}
	ps := portees()
	for _, tt := range []struct {
		nom  string
		p    opco.Portee
		acte string
		lu   bool
	}{
		{"the staff", opco.Portee{Interne: true}, id, true},
		{"the company", ps["entreprise A"], id, true},
		{"the organisme", ps["organisme A"], id, true},
		{"its author, elsewhere now", opco.Portee{Role: opco.RoleEntreprise, Personne: "p-auteur"}, id, true},
		{"another company", ps["entreprise B"], id, false},
		{"nobody", opco.Portee{}, id, false},
		{"an acte without author, to a person without id", ps["entreprise A"], lot, false},
		{"the staff, a lot", opco.Portee{Interne: true}, lot, true},
	} {
		_, err := s.ActeEnPortee(t.Context(), tt.p, tt.acte)
		if lu := err == nil; lu != tt.lu || err != nil && !errors.Is(err, opco.NotFound) {
			t.Errorf("%s: got %v, want it read: %v", tt.nom, err, tt.lu)
		}
	}
}

// TestCoutDeLaPorte prints what the second line costs a read.
func TestCoutDeLaPorte(t *testing.T) {
	s := deuxMaisons(t)
	mesurer := func(p opco.Portee) time.Duration {
		ds := make([]time.Duration, 400)
		for i := range ds {
			debut := time.Now()
			if _, err := s.Version(t.Context(), p, maisons[0].dossier); err != nil {
				t.Fatal(err)
			}
			ds[i] = time.Since(debut)
		}
		slices.Sort(ds)
		return ds[len(ds)/2]
	}
	nu, ferme := mesurer(opco.Portee{Interne: true}), mesurer(portees()["entreprise A"])
	t.Logf("a read of one dossier at the median: %v for the staff, %v for a company", nu, ferme)
	if ferme-nu > 20*time.Millisecond {
		t.Errorf("the door costs %v", ferme-nu)
	}
}

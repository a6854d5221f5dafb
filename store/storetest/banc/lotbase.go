package main

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"math/big"
	"strings"
	"time"

	"guichet/opco"
	"guichet/schema"
)

// payes is how many organismes the règlements of the bench are for.
const payes = 400

func numeroBanc(i int) string { return fmt.Sprintf("R26-%06d", i) }

// ibanBanc is the account of the nth payee, in a bank that does not exist; its keys
// are right.
func ibanBanc(n int) string {
	bban := fmt.Sprintf("9999900099%011d", n)
	cle := new(big.Int)
	cle.SetString(bban+"00", 10)
	bban += fmt.Sprintf("%02d", 97-cle.Mod(cle, big.NewInt(97)).Int64())
	cle.SetString(bban+"152700", 10)
	return fmt.Sprintf("FR%02d%s", 98-cle.Mod(cle, big.NewInt(97)).Int64(), bban)
}

// lotPeuple makes n dossiers, each with an approved invoice to pay: no more of them
// than a lot reads.
var lotPeuple = []string{
	`INSERT INTO opco (nom, siret, iban, bic) SELECT 'OPCO Démo', '99900200000018', 'FR7699999000200010020041048', '' WHERE NOT EXISTS (SELECT 1 FROM opco)`,
	`INSERT INTO entreprise (siren, nom, idcc, effectif) VALUES ('999001019', 'Atelier du banc', '1486', 10)`,
	`INSERT INTO enveloppe (id, siren, annee, fonds, ordre, libelle) VALUES ('banc/2026/PLAN', '999001019', 2026, 'PLAN', 1, 'Banc')`,
	`INSERT INTO dossier (id, numero, etat, rang, etablissement, siren, organisme, resume, contenu, recherche, cree_le, modifie_le)
	 SELECT md5('d' || i)::uuid, 'AF26-' || lpad(i::text, 6, '0'), 'EN_REGLEMENT', 1, '99900101900010', '999001019', lpad((i % 400 + 100000000)::text, 9, '0') || '00017',
	        '{}', '{}', '', now(), now() FROM generate_series(1, $1::int) i`,
	`INSERT INTO facture (id, dossier, numero, emetteur, etat, total_ht, approuve, recue_le)
	 SELECT 'f' || i, md5('d' || i)::uuid, 'F-2026-' || i, lpad((i % 400 + 100000000)::text, 9, '0') || '00017', 'APPROUVEE', 10000 + i, 10000 + i, '2026-04-20'
	 FROM generate_series(1, $1::int) i`,
	`INSERT INTO solde (enveloppe, compte, dossier, montant)
	 SELECT 'banc/2026/PLAN', 'SERVICE_FAIT', md5('d' || i)::uuid::text, 10000 + i FROM generate_series(1, $1::int) i`,
	`INSERT INTO reglement (id, numero, dossier, facture, tentative, montant, parts, beneficiaire, beneficiaire_nom, iban, echeance, etat, end_to_end_id, instruit_par, modifie_le)
	 SELECT 'f' || i || '-1', 'R26-' || lpad(i::text, 6, '0'), md5('d' || i)::uuid, 'f' || i, 1, 10000 + i,
	        jsonb_build_array(jsonb_build_object('enveloppe', 'banc/2026/PLAN', 'montant', 10000 + i)), lpad((i % 400 + 100000000)::text, 9, '0') || '00017',
	        'Organisme', '', '2026-05-20', 'A_PAYER', 'R26-' || lpad(i::text, 6, '0'), ARRAY ['banc-g' || i % 50, 'banc-s' || i % 7], now()
	 FROM generate_series(1, $1::int) i`,
	`ANALYZE`,
}

func peuplerLot(ctx context.Context, dsn string, n int) error {
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		return err
	}
	defer db.Close()
	if err := schema.Apply(ctx, db); err != nil {
		return err
	}
	c, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	if _, err := c.ExecContext(ctx, `SET session_replication_role = replica`); err != nil {
		return err
	}
	for i := range payes {
		_, err := c.ExecContext(ctx, `INSERT INTO organisme (siren, nom, iban) VALUES ($1, $2, $3)`,
			fmt.Sprintf("%09d", i+100000000), fmt.Sprintf("Organisme du banc n° %d", i), ibanBanc(i+1))
		if err != nil {
			return err
		}
	}
	for _, q := range lotPeuple {
		args := []any{n}
		if !strings.Contains(q, "$1") {
			args = nil
		}
		if _, err := c.ExecContext(ctx, q, args...); err != nil {
			return fmt.Errorf("%.60s: %w", q, err)
		}
	}
	return nil
}

// controler checks that what was measured was done: each règlement has its outcome,
// each dossier hears of it once, and not a cent is lost.
func (x *essaiLot) controler(ctx context.Context, n int) error {
	l, err := x.s.EnTeteLot(ctx, x.lot)
	if err != nil {
		return err
	}
	var prevenus int
	if err := x.s.DB.GetContext(ctx, &prevenus, `SELECT count(DISTINCT objet) FROM acte WHERE type IN ('regler', 'rejeter_reglement')`); err != nil {
		return err
	}
	r := l.Resume()
	if l.Etat != opco.LotSolde || l.Nombre() != n || prevenus != n || r.Paye+r.Rejete != l.Somme() || r.Rejete == 0 {
		return fmt.Errorf("lot %s is %s: %d lines, %d dossiers told, %s paid and %s rejected of %s", x.lot, l.Etat, l.Nombre(), prevenus, r.Paye, r.Rejete, l.Somme())
	}
	return nil
}

// ecrire prints the report, and fails when the process held too much.
func (x *essaiLot) ecrire(w io.Writer, n int) error {
	fmt.Fprintf(w, "\n## Lots : %d lignes\n\n| Étape | secondes | mémoire, Mo |\n|---|---:|---:|\n", n)
	var total, fichier, nu time.Duration
	for _, e := range x.etapes {
		fmt.Fprintf(w, "| %s %s | %.1f | %d |\n", e.nom, e.detail, e.duree.Seconds(), e.pic>>20)
		switch {
		case strings.HasPrefix(e.nom, "écrire"):
			nu = e.duree
			continue
		case strings.HasPrefix(e.nom, "("):
			continue
		case strings.Contains(e.nom, "fichier"):
			fichier += e.duree
		}
		total += e.duree
	}
	pic := picMemoire()
	fmt.Fprintf(w, "\nEn tout %.0f s, %d Mo au plus (borne : %d). Le fichier, produit, archivé, relu et déposé : %.1f s, soit %.1f fois l’écriture nue des mêmes octets.\n",
		total.Seconds(), pic>>20, memoireLot>>20, fichier.Seconds(), fichier.Seconds()/max(nu.Seconds(), 0.001))
	if pic > memoireLot {
		return fmt.Errorf("the process held %d MB for a lot of %d lines", pic>>20, n)
	}
	return nil
}

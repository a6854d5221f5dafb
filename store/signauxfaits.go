package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// faitsSignaux reads what the signs of d are computed from. Every query is bounded and
// goes by an index: it is asked after each step that matters.
func (s *Store) faitsSignaux(ctx context.Context, tx *sqlx.Tx, d *opco.Dossier, le time.Time) (opco.FaitsDossierSignaux, error) {
	f := opco.FaitsDossierSignaux{Faits: opco.Faits{Le: le}}
	var err error
	if f.Parametres, err = parametres(ctx, tx, opco.JourDe(le)); err != nil {
		return f, err
	}
	if f.Entreprise, err = entreprise(ctx, tx, d.Demande.Etablissement.SIREN()); err != nil {
		return f, err
	}
	if f.Organisme, err = organisme(ctx, tx, d.Demande.Organisme.SIRET.SIREN()); err != nil {
		return f, err
	}
	bs, err := baremes(ctx, tx, d.IDCC)
	if err != nil {
		return f, err
	}
	f.Bareme, _ = opco.ChoisirBareme(bs, d.IDCC, d.Effectif, d.Demande.Debut)
	if f.Chevauchements, err = chevauchements(ctx, tx, d); err != nil {
		return f, err
	}
	if f.IBANPartages, err = ibanPartages(ctx, tx, d); err != nil {
		return f, err
	}
	for _, lire := range []func(context.Context, *sqlx.Tx, *opco.Dossier, *opco.FaitsDossierSignaux) error{
		faitsCompteChange, faitsCertificats, faitsListes, faitsPrix, faitsVolume, faitsCommuns,
	} {
		if err := lire(ctx, tx, d, &f); err != nil {
			return f, fmt.Errorf("reading what the signs of %s are computed from: %w", d.ID, err)
		}
	}
	return f, nil
}

// faitsCompteChange reads since when the payee is paid on its present account.
func faitsCompteChange(ctx context.Context, tx *sqlx.Tx, d *opco.Dossier, f *opco.FaitsDossierSignaux) error {
	siret, role := d.Beneficiaire()
	return tx.GetContext(ctx, &f.CompteChangeLe, `
		SELECT COALESCE((SELECT (actif_le AT TIME ZONE 'Europe/Paris')::date::text FROM rib
		                 WHERE siren = $1 AND sorte = $2 AND etat IN ('ACTIF', 'GELE') AND propose_par <> '' AND ancien <> ''), '')`, siret.SIREN(), role)
}

// faitsCertificats lists the other dossiers that hold a file of the certificats of d.
func faitsCertificats(ctx context.Context, tx *sqlx.Tx, d *opco.Dossier, f *opco.FaitsDossierSignaux) error {
	return tx.SelectContext(ctx, &f.Certificats, `
		SELECT DISTINCT o.numero FROM piece p JOIN piece q ON q.empreinte = p.empreinte AND q.type = p.type AND q.dossier <> p.dossier
		JOIN dossier o ON o.id = q.dossier
		WHERE p.dossier = $1 AND p.type = $2 ORDER BY o.numero LIMIT 5`, d.ID, opco.PieceCertificat)
}

// faitsListes looks for other companies whose dossier with the same organisme trains
// people of all the names of d.
func faitsListes(ctx context.Context, tx *sqlx.Tx, d *opco.Dossier, f *opco.FaitsDossierSignaux) error {
	n := len(d.Demande.Presents())
	if n < f.Parametres.Signaux.ListeMin || d.Demande.Interne {
		return nil
	}
	return tx.SelectContext(ctx, &f.Listes, `
		SELECT o.numero AS dossier, o.entreprise_nom AS entreprise, count(DISTINCT x.cle) AS nombre
		FROM stagiaire x JOIN stagiaire y ON y.cle = x.cle AND y.dossier <> x.dossier JOIN dossier o ON o.id = y.dossier
		WHERE x.dossier = $1 AND o.siren <> $2 AND left(o.organisme, 9) = $3 AND o.etat NOT IN ('BROUILLON', 'SUPPRIME')
		GROUP BY o.numero, o.entreprise_nom HAVING count(DISTINCT x.cle) >= $4 ORDER BY nombre DESC, dossier LIMIT 5`,
		d.ID, d.Demande.Etablissement.SIREN(), d.Demande.Organisme.SIRET.SIREN(), n)
}

// prixLus is how many dossiers of a branch make its median, the last ones first.
const prixLus = 500

// faitsPrix notes the price of d and reads the median of the others of its branch.
func faitsPrix(ctx context.Context, tx *sqlx.Tx, d *opco.Dossier, f *opco.FaitsDossierSignaux) error {
	prix := d.Demande.PrixHoraire()
	if d.IDCC == "" || prix == 0 || d.DeposeLe.IsZero() {
		return nil
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO prix_horaire (dossier, idcc, prix, le) VALUES ($1, $2, $3, $4) ON CONFLICT (dossier) DO UPDATE SET prix = EXCLUDED.prix`,
		d.ID, d.IDCC, prix, d.DeposeLe)
	if err != nil {
		return err
	}
	var m struct {
		Nombre  int          `db:"nombre"`
		Mediane opco.Montant `db:"mediane"`
	}
	err = tx.GetContext(ctx, &m, `
		SELECT count(*) AS nombre, COALESCE(percentile_disc(0.5) WITHIN GROUP (ORDER BY prix), 0) AS mediane
		FROM (SELECT prix FROM prix_horaire WHERE idcc = $1 AND dossier <> $2 ORDER BY le DESC LIMIT $3) x`, d.IDCC, d.ID, prixLus)
	f.PrixNombre, f.PrixMedian = m.Nombre, m.Mediane
	return err
}

// volumeMax bounds the dossiers of an organisme that are counted.
const volumeMax = 5000

// faitsVolume counts the dossiers of the organisme over the last period and those before.
func faitsVolume(ctx context.Context, tx *sqlx.Tx, d *opco.Dossier, f *opco.FaitsDossierSignaux) error {
	if d.Demande.Interne || d.Demande.Organisme.SIRET == "" {
		return nil
	}
	periode := time.Duration(f.Parametres.Signaux.VolumeJours) * 24 * time.Hour
	var n struct {
		Recents int `db:"recents"`
		Avant   int `db:"avant"`
	}
	err := tx.GetContext(ctx, &n, `
		SELECT count(*) FILTER (WHERE depose_le > $2) AS recents, count(*) FILTER (WHERE depose_le <= $2) AS avant
		FROM (SELECT depose_le FROM dossier WHERE organisme = $1 ORDER BY cree_le DESC, id DESC LIMIT $4) x WHERE depose_le > $3`,
		d.Demande.Organisme.SIRET, f.Le.Add(-periode), f.Le.Add(-(opco.VolumePeriodes+1)*periode), volumeMax)
	f.Recents, f.Avant = n.Recents, n.Avant
	return err
}

// faitsCommuns looks for an address, an e-mail or a telephone that the organisme and the
// company both have.
func faitsCommuns(ctx context.Context, tx *sqlx.Tx, d *opco.Dossier, f *opco.FaitsDossierSignaux) error {
	e, o := d.Demande.Etablissement.SIREN(), d.Demande.Organisme.SIRET.SIREN()
	if o == "" || o == e || d.Demande.Interne {
		return nil
	}
	var l struct {
		Adresse string `db:"adresse"`
		Contact string `db:"contact"`
	}
	err := tx.GetContext(ctx, &l, `
		SELECT COALESCE((SELECT min(a.adresse || ', ' || a.code_postal || ' ' || a.ville) FROM etablissement a JOIN etablissement b
		                 ON lower(b.adresse) = lower(a.adresse) AND b.code_postal = a.code_postal
		                 WHERE a.siren = $1 AND b.siren = $2 AND a.adresse <> '' AND a.code_postal <> ''), '') AS adresse,
		       COALESCE((SELECT x.email FROM entreprise x JOIN organisme y ON lower(y.email) = lower(x.email) WHERE x.siren = $1 AND y.siren = $2 AND x.email <> ''),
		                (SELECT min(a.telephone) FROM etablissement a JOIN etablissement b ON b.telephone = a.telephone
		                 WHERE a.siren = $1 AND b.siren = $2 AND a.telephone <> ''), '') AS contact`, e, o)
	f.Adresse, f.Contact = l.Adresse, l.Contact
	return err
}

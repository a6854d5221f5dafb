package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// inscrireLot writes a step of a lot: journal, projection, règlements, ledger,
// actes to the dossiers, entries of the bank and verdict.
func (s *Store) inscrireLot(ctx context.Context, tx *sqlx.Tx, l *opco.Lot, p opco.Passage, e opco.EffetsLot, ech string) error {
	if err := ecrireLot(ctx, tx, l); err != nil {
		return err
	}
	if err := insererPassage(ctx, tx, opco.ObjetLot(l.ID), ech, p); err != nil {
		return err
	}
	if p.Verdict == opco.VerdictApplique {
		if err := ecrireEffetsLot(ctx, tx, l, p, e); err != nil {
			return err
		}
	}
	if p.ActeID != "" {
		if err := rendre(ctx, tx, p.ActeID, p.Verdict, p.Motif, p.Phrase); err != nil {
			return err
		}
	}
	if p.De == opco.Etat(opco.LotEnConstruction) && p.Vers != p.De {
		if err := fermerChantier(ctx, tx, l.ID); err != nil {
			return err
		}
	}
	return notifier(ctx, tx, "lot", l.ID)
}

// ecrireLot writes the projection of a lot; it moves forward only.
func ecrireLot(ctx context.Context, tx *sqlx.Tx, l *opco.Lot) error {
	contenu, err := json.Marshal(l.EnTete())
	if err != nil {
		return err
	}
	resume, err := json.Marshal(l.Resume())
	if err != nil {
		return err
	}
	var prochaine, emis *time.Time
	if len(l.Echeances) > 0 {
		prochaine = &l.Echeances[0].Le
	}
	if !l.EmisLe.IsZero() {
		emis = &l.EmisLe
	}
	auteur := "" // the first one: lot_signature has them all
	if len(l.Createurs) > 0 {
		auteur = l.Createurs[0].Personne
	}
	res, err := tx.ExecContext(ctx, `
		INSERT INTO lot (id, etat, rang, execution, groupe, nombre, somme, contenu, resume, prochaine_echeance, cree_par, valide_par,
		                 msg_id, empreinte, cree_le, emis_le, troisieme)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $1, $13, $14, $15, $16)
		ON CONFLICT (id) DO UPDATE SET etat = EXCLUDED.etat, rang = EXCLUDED.rang, execution = EXCLUDED.execution,
		    nombre = EXCLUDED.nombre, somme = EXCLUDED.somme, contenu = EXCLUDED.contenu, resume = EXCLUDED.resume,
		    prochaine_echeance = EXCLUDED.prochaine_echeance, valide_par = EXCLUDED.valide_par,
		    empreinte = EXCLUDED.empreinte, emis_le = EXCLUDED.emis_le, troisieme = EXCLUDED.troisieme
		WHERE lot.rang = EXCLUDED.rang - 1`,
		l.ID, l.Etat, l.Rang, l.Execution, l.Groupe, l.Nombre(), l.Somme(), contenu, resume, prochaine, auteur,
		l.ValidePar.Personne, l.Fichier, l.CreeLe, emis, l.Troisieme)
	if err != nil {
		return fmt.Errorf("projecting lot %s: %w", l.ID, err)
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return ErrTrou
	}
	return ecrireSignatures(ctx, tx, l)
}

// signature is one person engaged in a lot: who signed, or in whose name.
type signature struct {
	Personne string    `db:"personne"`
	Sens     string    `db:"sens"`
	Role     opco.Role `db:"role"`
	Numero   int       `db:"numero"`
}

// signatures lists who prepared the lot, each person once, then who validated it.
// Nobody is dropped of the validations: the table refuses somebody who would be
// there twice.
func signatures(l *opco.Lot) []signature {
	var ss []signature
	vus := map[string]bool{}
	for i, a := range l.Createurs {
		for _, p := range a.Personnes() {
			if !vus[p] {
				vus[p] = true
				ss = append(ss, signature{p, "PREPARE", a.Role, i + 1})
			}
		}
	}
	for i, a := range l.Validations {
		for _, p := range a.Personnes() {
			ss = append(ss, signature{p, "VALIDE", a.Role, i + 1})
		}
	}
	return ss
}

// ecrireSignatures writes who is engaged in the lot as it now stands.
func ecrireSignatures(ctx context.Context, tx *sqlx.Tx, l *opco.Lot) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM lot_signature WHERE lot = $1`, l.ID); err != nil {
		return fmt.Errorf("clearing the signatures of lot %s: %w", l.ID, err)
	}
	for _, x := range signatures(l) {
		_, err := tx.ExecContext(ctx, `INSERT INTO lot_signature (lot, personne, sens, role, numero) VALUES ($1, $2, $3, $4, $5)`,
			l.ID, x.Personne, x.Sens, x.Role, x.Numero)
		if err != nil {
			return fmt.Errorf("signing lot %s: %w", l.ID, err)
		}
	}
	return nil
}

func ecrireEffetsLot(ctx context.Context, tx *sqlx.Tx, l *opco.Lot, p opco.Passage, e opco.EffetsLot) error {
	if err := ecrireLignes(ctx, tx, l, e.Touches, e.Liberes, p.Le); err != nil {
		return err
	}
	if err := liberer(ctx, tx, e.Liberes, p.Le); err != nil {
		return err
	}
	if err := ecrireMouvementsLot(ctx, tx, l, p, e.Dossiers, e.Mouvements); err != nil {
		return err
	}
	if err := prevenirDossiers(ctx, tx, e.Suites); err != nil {
		return err
	}
	if err := rangerEntrees(ctx, tx, e.Sorts); err != nil {
		return err
	}
	if e.Caduc {
		if _, err := tx.ExecContext(ctx, `DELETE FROM fichier_bancaire WHERE lot = $1`, l.ID); err != nil {
			return fmt.Errorf("dropping the stale payment file of lot %s: %w", l.ID, err)
		}
	}
	if err := gelerRIBs(ctx, tx, e.Gels, p.Le); err != nil {
		return err
	}
	if len(e.Constats) > 0 {
		if err := filerConstats(ctx, tx, l.ID, p, e); err != nil {
			return err
		}
	}
	if l.Etat == opco.LotSolde || p.De == opco.Etat(opco.LotInconnu) && l.Etat == opco.LotTransmis {
		if _, err := tx.ExecContext(ctx, `UPDATE incident SET clos_le = $2 WHERE objet = $1 AND activite = 'banque' AND clos_le IS NULL`,
			opco.ObjetLot(l.ID), p.Le); err != nil {
			return fmt.Errorf("closing the incidents of lot %s: %w", l.ID, err)
		}
	}
	if e.Alerte == "" {
		return nil
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO incident (id, objet, activite, essais, erreur, ouvert_le) VALUES ($1, $2, 'banque', 1, $3, $4)
		ON CONFLICT (id) DO NOTHING`, fmt.Sprintf("%s/%d", opco.ObjetLot(l.ID), p.Rang), opco.ObjetLot(l.ID), e.Alerte, p.Le)
	if err != nil {
		return fmt.Errorf("opening the incident of lot %s: %w", l.ID, err)
	}
	return nil
}

// ecrireMouvementsLot posts the money of a step, each règlement on its dossier.
func ecrireMouvementsLot(ctx context.Context, tx *sqlx.Tx, l *opco.Lot, p opco.Passage, partis map[string]string, ms []opco.Mouvement) error {
	dossiers := make(map[string]string, len(l.Lignes))
	for _, x := range l.Lignes {
		dossiers[x.Reglement] = x.Dossier
	}
	maps.Copy(dossiers, partis)
	objet := opco.ObjetLot(l.ID)
	for debut := 0; debut < len(ms); debut += parEcriture {
		var c colonnes
		for i, m := range ms[debut:min(debut+parEcriture, len(ms))] {
			de, vers := m.Type.Comptes()
			cle := fmt.Sprintf("%s/%d/%d", objet, p.Rang, debut+i+1)
			c.ajouter(cle, string(m.Type), string(de), m.Enveloppe, dossiers[m.Reglement], m.Reglement, fmt.Sprint(-int64(m.Montant)))
			c.ajouter(cle, string(m.Type), string(vers), m.Enveloppe, dossiers[m.Reglement], m.Reglement, fmt.Sprint(int64(m.Montant)))
		}
		_, err := tx.ExecContext(ctx, `
			INSERT INTO ecriture (mouvement, type, compte, enveloppe, dossier, reglement, montant, objet, rang, le)
			SELECT x.cle, x.type, x.compte, x.enveloppe, x.dossier::uuid, x.reglement, x.montant::bigint, $1, $2, $3
			FROM unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[])
			     AS x(cle, type, compte, enveloppe, dossier, reglement, montant)`, c.args(objet, p.Rang, p.Le)...)
		if err != nil {
			return fmt.Errorf("posting the money of lot %s: %w", l.ID, err)
		}
	}
	return nil
}

// espaceActes is the name space of the actes that the bank causes.
var espaceActes = uuid.NewSHA1(uuid.NameSpaceURL, []byte("urn:guichet:acte"))

// acteDerive names an acte by what caused it, so that it is made once.
func acteDerive(cause ...string) string {
	var nom []byte
	for _, c := range cause {
		nom = append(append(nom, c...), 0)
	}
	return uuid.NewSHA1(espaceActes, nom).String()
}

// prevenirDossiers puts in the inbox of each dossier what the bank did to its
// règlement. A lot tells dossiers so, and never by a signal of its own: the relay
// sends them, at its pace. They are made once, with the step that says so.
func prevenirDossiers(ctx context.Context, tx *sqlx.Tx, ss []opco.SuiteReglement) error {
	ss = slices.Clone(ss)
	// One order for the locks of the inboxes.
	slices.SortStableFunc(ss, func(a, b opco.SuiteReglement) int { return cmp.Compare(a.Dossier, b.Dossier) })
	for t := range slices.Chunk(ss, parEcriture) {
		as := make([]opco.Acte, len(t))
		for i, x := range t {
			charge, err := json.Marshal(opco.ChargeReglement{Reglement: x.Reglement, Montant: x.Montant, Date: x.Date, Motif: x.Motif, Cause: x.Cause})
			if err != nil {
				return err
			}
			as[i] = opco.Acte{ID: acteDerive(x.Cle, x.Reglement), Objet: opco.ObjetDossier(x.Dossier), Type: x.Type, Par: opco.ActeurBanque(), Charge: charge}
		}
		if err := recevoirEnsemble(ctx, tx, as); err != nil {
			return err
		}
	}
	return nil
}

// recevoirEnsemble is recevoir for many actes that are new, on objects that have no
// person's account: each takes the next number of its object.
func recevoirEnsemble(ctx context.Context, tx *sqlx.Tx, as []opco.Acte) error {
	compteurs := map[string]int64{}
	for _, a := range as {
		compteurs["acte:"+a.Objet]++
	}
	var codes, pas []string
	for _, code := range slices.Sorted(maps.Keys(compteurs)) {
		codes, pas = append(codes, code), append(pas, fmt.Sprint(compteurs[code]))
	}
	var ls []struct {
		Code    string `db:"code"`
		Dernier int64  `db:"dernier"`
	}
	err := tx.SelectContext(ctx, &ls, `
		INSERT INTO compteur (code, dernier) SELECT x.code, x.pas::bigint FROM unnest($1::text[], $2::text[]) AS x(code, pas)
		ON CONFLICT (code) DO UPDATE SET dernier = compteur.dernier + EXCLUDED.dernier RETURNING code, dernier`, pq.Array(codes), pq.Array(pas))
	if err != nil {
		return fmt.Errorf("numbering actes: %w", err)
	}
	for _, l := range ls {
		compteurs[l.Code] = l.Dernier - compteurs[l.Code]
	}
	d, err := decalage(ctx, tx)
	if err != nil {
		return err
	}
	le := time.Now().UTC().Add(d).Truncate(time.Microsecond)
	var c colonnes
	for _, a := range as {
		compteurs["acte:"+a.Objet]++
		c.ajouter(a.ID, a.Objet, fmt.Sprint(compteurs["acte:"+a.Objet]), string(a.Type), a.Par.Personne, a.Par.Nom, string(a.Par.Role), string(a.Charge), empreinteActe(a))
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO acte (id, objet, seq, type, personne, nom, role, siret, pour, session, charge, empreinte, recu_le)
		SELECT x.id::uuid, x.objet, x.seq::bigint, x.type, x.personne, x.nom, x.role, '', '', '', x.charge::jsonb, x.empreinte, $1
		FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[])
		     AS x(id, objet, seq, type, personne, nom, role, charge, empreinte)`, c.args(le)...)
	if err != nil {
		return fmt.Errorf("receiving %d actes: %w", len(as), err)
	}
	return notifier(ctx, tx, "acte", as[0].Objet) // the relay reads the table: one is enough to wake it
}

func rangerEntrees(ctx context.Context, tx *sqlx.Tx, ss []opco.SortEntree) error {
	for t := range slices.Chunk(ss, parEcriture) {
		var c colonnes
		for _, x := range t {
			c.ajouter(x.Cle, string(x.Etat), x.Phrase)
		}
		_, err := tx.ExecContext(ctx, `
			UPDATE entree_bancaire e SET etat = x.etat, phrase = x.phrase
			FROM unnest($1::text[], $2::text[], $3::text[]) AS x(cle, etat, phrase) WHERE e.cle = x.cle`, c.args()...)
		if err != nil {
			return fmt.Errorf("filing entries: %w", err)
		}
	}
	return nil
}

// entreesDe reads the entries that an appliquer_retour names.
func entreesDe(ctx context.Context, tx *sqlx.Tx, a opco.Acte) ([]opco.FaitBancaire, error) {
	var c opco.ChargeAppliquerRetour
	if err := json.Unmarshal(a.Charge, &c); err != nil {
		return nil, fmt.Errorf("reading the entries of acte %s: %w", a.ID, err)
	}
	var ls []struct {
		Cle     string       `db:"cle"`
		E2E     string       `db:"end_to_end_id"`
		Statut  string       `db:"statut"`
		Motif   string       `db:"motif"`
		Montant opco.Montant `db:"montant"`
		Jour    opco.Date    `db:"jour"`
		Cause   string       `db:"cause"`
	}
	err := tx.SelectContext(ctx, &ls, `
		SELECT cle, end_to_end_id, statut, motif, montant, jour, cause FROM entree_bancaire
		WHERE cle = ANY ($1) AND etat = 'TRANSMISE' ORDER BY cle`, pq.Array(c.Entrees))
	if err != nil {
		return nil, fmt.Errorf("reading entries of the bank: %w", err)
	}
	fs := make([]opco.FaitBancaire, len(ls))
	for i, l := range ls {
		fs[i] = opco.FaitBancaire{Cle: l.Cle, EndToEndID: l.E2E, Entier: l.E2E == "", Statut: opco.StatutBancaire(l.Statut),
			Motif: l.Motif, Cause: l.Cause, Montant: l.Montant, Date: l.Jour}
	}
	return fs, nil
}

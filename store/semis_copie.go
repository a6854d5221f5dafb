package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// copie is the rows of one table that wait for their COPY.
type copie struct {
	table    string
	colonnes []string
	lignes   [][]any
}

func (c *copie) ajouter(valeurs ...any) { c.lignes = append(c.lignes, valeurs) }

// verser sends the rows through COPY, in their order.
func (c *copie) verser(ctx context.Context, tx *sqlx.Tx) error {
	if len(c.lignes) == 0 {
		return nil
	}
	st, err := tx.PrepareContext(ctx, versement(c.table, c.colonnes...))
	if err != nil {
		return fmt.Errorf("opening the copy of %s: %w", c.table, err)
	}
	defer st.Close() //nolint:errcheck // its outcome is that of clore; a COPY left open would block the rollback
	for _, l := range c.lignes {
		if _, err := st.ExecContext(ctx, l...); err != nil {
			return fmt.Errorf("copying %s: %w", c.table, err)
		}
	}
	return clore(ctx, st, c.table)
}

// versement writes the COPY of a table.
func versement(table string, colonnes ...string) string {
	return "COPY " + table + " (" + strings.Join(colonnes, ", ") + ") FROM STDIN"
}

func clore(ctx context.Context, st *sql.Stmt, table string) error {
	if _, err := st.ExecContext(ctx); err != nil {
		return fmt.Errorf("ending the copy of %s: %w", table, err)
	}
	return st.Close()
}

// copies are the tables of the set. The outbox is the heaviest and needs no other
// row: it is copied while the set is made.
type copies struct {
	entreprise, organisme, qualiopi, etablissement, enveloppe, dossier, stagiaire, piece, acte, passage, ecriture,
	facture, statut, lot, ligneLot, signature, fichierBancaire, reglement, retour, entree copie

	courrier  *sql.Stmt
	courriers int
}

func nouvellesCopies() copies {
	t := func(table string, colonnes ...string) copie { return copie{table: table, colonnes: colonnes} }
	return copies{
		entreprise:    t("entreprise", "siren", "nom", "idcc", "effectif", "code_adherent", "masse_salariale", "adherente", "a_jour", "alsace_moselle", "iban", "email"),
		organisme:     t("organisme", "siren", "nom", "nda", "nda_active", "tva", "suspendu", "subrogation_autorisee", "iban", "email"),
		qualiopi:      t("qualiopi", "siren", "nature", "du", "au"),
		etablissement: t("etablissement", "siret", "siren", "nom", "adresse", "code_postal", "ville"),
		enveloppe:     t("enveloppe", "id", "siren", "annee", "fonds", "ordre", "libelle"),
		dossier: t("dossier", "id", "numero", "etat", "rang", "etablissement", "siren", "organisme", "entreprise_nom", "organisme_nom", "idcc", "intitule",
			"debut", "fin", "depose_le", "demande", "accorde", "engage", "accepte", "paye", "instructeur", "instructeur_nom", "limite",
			"prochaine_echeance", "resume", "contenu", "recherche", "cree_le", "modifie_le", "attend_de", "attend_avant", "paye_a"),
		stagiaire: t("stagiaire", "dossier", "id", "nom", "prenom", "ne_le", "cle", "du", "au"),
		piece:     t("piece", "id", "dossier", "type", "titre", "nom", "empreinte", "etat", "motif", "depose_par", "depose_nom", "depose_role", "depose_le"),
		acte: t("acte", "id", "objet", "seq", "type", "personne", "nom", "role", "siret", "charge", "empreinte", "etat", "code", "phrase", "recu_le",
			"verdict_le"),
		passage: t("passage", "objet", "rang", "acte_id", "type", "code", "echeance", "de", "vers", "verdict", "motif", "phrase", "personne", "nom", "role",
			"le", "effet", "resume", "precedente", "empreinte"),
		ecriture: t("ecriture", "mouvement", "type", "compte", "enveloppe", "dossier", "reglement", "montant", "objet", "rang", "le"),
		facture: t("facture", "id", "dossier", "numero", "emetteur", "etat", "motif", "phrase", "total_ht", "approuve", "non_approuve", "recue_le",
			"echeance_le"),
		statut: t("facture_statut", "facture", "rang", "code", "etat", "motif", "phrase", "approuve", "non_approuve", "paye", "le"),
		lot: t("lot", "id", "etat", "rang", "execution", "groupe", "nombre", "somme", "contenu", "resume", "prochaine_echeance", "cree_par", "valide_par",
			"msg_id", "empreinte", "cree_le", "emis_le", "troisieme"),
		ligneLot:        t("lot_ligne", "lot", "reglement", "numero", "virement", "end_to_end_id", "etat", "montant", "contenu"),
		signature:       t("lot_signature", "lot", "personne", "sens", "role", "numero"),
		fichierBancaire: t("fichier_bancaire", "lot", "empreinte", "octets", "produit_le"),
		reglement: t("reglement", "id", "numero", "dossier", "facture", "tentative", "precedent", "montant", "parts", "beneficiaire", "beneficiaire_nom",
			"iban", "echeance", "etat", "lot", "end_to_end_id", "motif", "execute_le", "instruit_par", "modifie_le"),
		retour: t("retour_bancaire", "empreinte", "nom", "format", "octets", "entrees", "nouvelles", "recu_le", "par"),
		entree: t("entree_bancaire", "cle", "retour", "end_to_end_id", "msg_id", "statut", "motif", "montant", "jour", "compte", "etat", "phrase", "lot", "cause"),
	}
}

func (c *copies) ouvrirCourrier(ctx context.Context, tx *sqlx.Tx) error {
	var err error
	c.courrier, err = tx.PrepareContext(ctx, versement("courrier", "id", "objet", "rang", "evenement", "pour", "detail", "adresse", "donnees", "etat",
		"erreur", "message_id", "le", "envoye_le"))
	if err != nil {
		return fmt.Errorf("opening the copy of courrier: %w", err)
	}
	return nil
}

// abandonner closes the copy of the outbox when the set stops before its end:
// left open, it would block the rollback. After ranger it is a no-op.
func (c *copies) abandonner() {
	if c.courrier != nil {
		_ = c.courrier.Close()
	}
}

// nonEnvoye is what the outbox says of a mail of the volume set.
const nonEnvoye = "Jeu de volume : noté comme envoyé, jamais parti."

func (c *copies) poster(objet string, rang int64, detail string, env opco.Envoi) error {
	donnees, err := json.Marshal(env)
	if err != nil {
		return err
	}
	c.courriers++
	_, err = c.courrier.Exec(env.ID, objet, rang, string(env.Courrier.Evenement), string(env.Courrier.Pour), detail, string(env.Courriel),
		string(donnees), "ENVOYE", nonEnvoye, "<"+env.ID+"@volume.invalid>", env.Le, env.Le)
	if err != nil {
		return fmt.Errorf("copying a mail: %w", err)
	}
	return nil
}

// ranger writes the whole set, what others refer to first.
func (x *semeur) ranger(ctx context.Context, tx *sqlx.Tx) error {
	c := &x.copies
	if err := clore(ctx, c.courrier, "courrier"); err != nil {
		return err
	}
	if err := mesurerALaFin(ctx, tx); err != nil {
		return err
	}
	x.projeterOrganisations()
	for _, ds := range x.dossiers {
		if err := x.projeter(ds); err != nil {
			return err
		}
	}
	for _, l := range x.lots {
		if err := x.projeterLot(l); err != nil {
			return err
		}
	}
	for _, t := range []*copie{&c.entreprise, &c.organisme, &c.qualiopi, &c.etablissement, &c.enveloppe, &c.dossier, &c.stagiaire, &c.piece, &c.acte,
		&c.passage, &c.ecriture, &c.facture, &c.statut, &c.lot, &c.ligneLot, &c.signature, &c.fichierBancaire, &c.reglement, &c.retour, &c.entree} {
		if err := t.verser(ctx, tx); err != nil {
			return err
		}
	}
	if err := mesurerTout(ctx, tx); err != nil {
		return err
	}
	if err := marquerSemes(ctx, tx, x.objets()); err != nil {
		return err
	}
	return x.rendreCompteurs(ctx, tx)
}

// objets lists the dossiers and the lots of the set.
func (x *semeur) objets() []string {
	os := make([]string, 0, len(x.dossiers)+len(x.lots))
	for _, ds := range x.dossiers {
		os = append(os, opco.ObjetDossier(ds.d.ID))
	}
	for _, l := range x.lots {
		os = append(os, opco.ObjetLot(l.l.ID))
	}
	return os
}

// rendreCompteurs leaves the counters of the house where the set brought them,
// so that the next number follows.
func (x *semeur) rendreCompteurs(ctx context.Context, tx *sqlx.Tx) error {
	for _, ds := range x.dossiers {
		x.compteurs["acte:"+opco.ObjetDossier(ds.d.ID)] = ds.seq
	}
	for _, l := range x.lots {
		x.compteurs["acte:"+opco.ObjetLot(l.l.ID)] = l.seq
	}
	codes, derniers := make([]string, 0, len(x.compteurs)), make([]int64, 0, len(x.compteurs))
	for c, n := range x.compteurs {
		codes, derniers = append(codes, c), append(derniers, n)
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO compteur (code, dernier) SELECT * FROM unnest($1::text[], $2::bigint[])
		ON CONFLICT (code) DO UPDATE SET dernier = EXCLUDED.dernier`, pq.Array(codes), pq.Array(derniers))
	if err != nil {
		return fmt.Errorf("writing counters: %w", err)
	}
	return nil
}

// nul is NULL for an absent day or instant.
func nul(d opco.Date) any {
	if d == "" {
		return nil
	}
	return string(d)
}

func nulInstant(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}

func premiere(es []opco.Echeance) any {
	if len(es) == 0 {
		return nil
	}
	return es[0].Le
}

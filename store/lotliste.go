package store

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// LigneLot is a lot as lists show it. CreePar and ValidePar are names.
type LigneLot struct {
	ID        string       `db:"id" json:"id"`
	Etat      opco.EtatLot `db:"etat" json:"etat"`
	Execution opco.Date    `db:"execution" json:"execution"`
	Groupe    bool         `db:"groupe" json:"groupe"`
	Nombre    int32        `db:"nombre" json:"nombre"`
	Somme     opco.Montant `db:"somme" json:"somme"`
	Execute   opco.Montant `db:"execute" json:"execute"`   // paid so far
	Rejete    opco.Montant `db:"rejete" json:"rejete"`     // refused by the bank
	Retourne  opco.Montant `db:"retourne" json:"retourne"` // paid, then came back
	CreePar   string       `db:"cree_par" json:"cree_par"`
	ValidePar string       `db:"valide_par" json:"valide_par,omitempty"`
	MsgID     string       `db:"msg_id" json:"msg_id,omitempty"`
	Empreinte string       `db:"empreinte" json:"empreinte,omitempty"`
	CreeLe    time.Time    `db:"cree_le" json:"cree_le"`
	EmisLe    *time.Time   `db:"emis_le" json:"emis_le,omitempty"`
}

const requeteLot = `
	SELECT l.id, l.etat, l.execution, l.groupe, l.nombre, l.somme,
	       COALESCE((l.resume->>'paye')::bigint, 0) AS execute, COALESCE((l.resume->>'rejete')::bigint, 0) AS rejete,
	       COALESCE((l.resume->>'retourne')::bigint, 0) AS retourne,
	       COALESCE(l.contenu#>>'{createurs,0,nom}', '') AS cree_par, COALESCE(l.contenu#>>'{valide_par,nom}', '') AS valide_par,
	       l.msg_id, l.empreinte, l.cree_le, l.emis_le
	FROM lot l WHERE `

// LigneDeLot returns one lot as lists show it.
func (s *Store) LigneDeLot(ctx context.Context, id string) (LigneLot, error) {
	var l LigneLot
	if err := s.DB.GetContext(ctx, &l, requeteLot+`l.id = $1`, id); err != nil {
		return l, introuvable(err, "Ce lot n’existe pas.")
	}
	return l, nil
}

// Lots lists lots in the given états (all when none), newest first, at most
// limite. suivant is the apres of the next page, "" on the last one.
func (s *Store) Lots(ctx context.Context, etats []opco.EtatLot, apres string, limite int) (ls []LigneLot, suivant string, err error) {
	var c clause
	c.et(`true`)
	if len(etats) > 0 {
		c.et(`l.etat = ANY (%s)`, pq.Array(etats))
	}
	if apres != "" {
		le, id, err := lireCurseurTemps(apres)
		if err != nil {
			return nil, "", err
		}
		c.et(`(l.cree_le, l.id) < (%s, %s)`, le, id)
	}
	ls, limite = []LigneLot{}, longueur(ctx, limite)
	err = sqlx.SelectContext(ctx, s.base(ctx), &ls, requeteLot+c.where()+fmt.Sprintf(` ORDER BY l.cree_le DESC, l.id DESC LIMIT %d`, limite+1), c.args...)
	if err != nil {
		return nil, "", fmt.Errorf("listing lots: %w", err)
	}
	if len(ls) > limite {
		ls = ls[:limite]
		d := ls[limite-1]
		suivant = curseur(d.CreeLe.UTC().Format(time.RFC3339Nano), d.ID)
	}
	return ls, suivant, nil
}

// lireCurseur reads what curseur wrote.
func lireCurseur(apres string) (cle, id string, err error) {
	var k [2]string
	brut, err := base64.RawURLEncoding.DecodeString(apres)
	if err != nil || json.Unmarshal(brut, &k) != nil || strings.ContainsRune(k[0]+k[1], 0) {
		return "", "", pageInconnue()
	}
	return k[0], k[1], nil
}

func pageInconnue() error {
	return opco.Champf("apres", "Cette page n’existe pas : reprenez la liste depuis le début.")
}

func lireCurseurTemps(apres string) (time.Time, string, error) {
	cle, id, err := lireCurseur(apres)
	if err != nil {
		return time.Time{}, "", err
	}
	le, err := time.Parse(time.RFC3339Nano, cle)
	if err != nil {
		return time.Time{}, "", pageInconnue()
	}
	return le, id, nil
}

// LigneReglement is a règlement as the comptable reads it. The IBAN is masked.
type LigneReglement struct {
	ID              string             `db:"id" json:"id"`
	Numero          string             `db:"numero" json:"numero"`
	Dossier         string             `db:"dossier" json:"dossier"`
	DossierNumero   string             `db:"dossier_numero" json:"dossier_numero,omitempty"`
	Facture         string             `db:"facture" json:"facture"`
	FactureNumero   string             `db:"facture_numero" json:"facture_numero,omitempty"`
	Tentative       int32              `db:"tentative" json:"tentative,omitempty"`
	Montant         opco.Montant       `db:"montant" json:"montant"`
	Beneficiaire    string             `db:"beneficiaire" json:"beneficiaire"`
	BeneficiaireNom string             `db:"beneficiaire_nom" json:"beneficiaire_nom"`
	IBAN            string             `db:"iban" json:"iban,omitempty"`
	Echeance        opco.Date          `db:"echeance" json:"echeance"`
	Etat            opco.EtatReglement `db:"etat" json:"etat"`
	Lot             string             `db:"lot" json:"lot,omitempty"`
	EndToEndID      string             `db:"end_to_end_id" json:"end_to_end_id,omitempty"`
	Motif           string             `db:"motif" json:"motif,omitempty"`
	ExecuteLe       opco.Date          `db:"execute_le" json:"execute_le,omitempty"`
}

// FiltreReglements says which règlements the comptable looks for; a zero field
// does not filter.
type FiltreReglements struct {
	Etats        []opco.EtatReglement
	EcheanceAu   opco.Date
	Beneficiaire string // SIRET
	Lot          string
	EcheanceDu   opco.Date
	Texte        string // of the payee's name, of a number: règlement, dossier or invoice
	IDCC         string
	MontantMin   opco.Montant
	MontantMax   opco.Montant
	Apres        string
	Limite       int
}

// PageReglements is a page of règlements, by due day, with the count and the sum
// of all that the filter keeps.
type PageReglements struct {
	Reglements []LigneReglement
	Nombre     int64
	Somme      opco.Montant
	Suivant    string
}

// Reglements lists règlements. It is for the staff of the OPCO only.
func (s *Store) Reglements(ctx context.Context, f FiltreReglements) (PageReglements, error) {
	var c clause
	c.et(`true`)
	switch {
	case len(f.Etats) == 1: // so that the index of what is to pay serves
		c.et(`r.etat = ` + pq.QuoteLiteral(string(f.Etats[0])))
	case len(f.Etats) > 1:
		c.et(`r.etat = ANY (%s)`, pq.Array(f.Etats))
	}
	if f.EcheanceAu != "" {
		c.et(`r.echeance <= %s`, f.EcheanceAu)
	}
	if f.Beneficiaire != "" {
		c.et(`r.beneficiaire = %s`, f.Beneficiaire)
	}
	if f.Lot != "" {
		c.et(`r.lot = %s`, f.Lot)
	}
	c.filtrerReglements(f)
	var total Total
	var err error
	if photoDe(ctx) == nil { // an export counts as it goes
		err = s.DB.GetContext(ctx, &total, `SELECT count(*) AS nombre, COALESCE(sum(r.montant), 0)::bigint AS somme FROM reglement r
			JOIN dossier d ON d.id = r.dossier JOIN facture f ON f.id = r.facture WHERE `+c.where(), c.args...)
	}
	if err != nil {
		return PageReglements{}, fmt.Errorf("summing règlements: %w", err)
	}
	f.Limite = longueur(ctx, f.Limite)
	if err := c.apresReglement(f.Apres); err != nil {
		return PageReglements{}, err
	}
	p := PageReglements{Reglements: []LigneReglement{}, Nombre: total.Nombre, Somme: total.Somme}
	err = sqlx.SelectContext(ctx, s.base(ctx), &p.Reglements, `
		SELECT r.id, r.numero, r.dossier, d.numero AS dossier_numero, r.facture, f.numero AS facture_numero, r.tentative, r.montant,
		       r.beneficiaire, r.beneficiaire_nom, r.iban, r.echeance, r.etat, COALESCE(r.lot, '') AS lot,
		       COALESCE(r.end_to_end_id, '') AS end_to_end_id, r.motif, r.execute_le
		FROM reglement r JOIN dossier d ON d.id = r.dossier JOIN facture f ON f.id = r.facture
		WHERE `+c.where()+fmt.Sprintf(` ORDER BY r.echeance, r.id LIMIT %d`, f.Limite+1), c.args...)
	if err != nil {
		return p, fmt.Errorf("listing règlements: %w", err)
	}
	for i := range p.Reglements {
		p.Reglements[i].IBAN = opco.IBAN(p.Reglements[i].IBAN).Masque()
	}
	if len(p.Reglements) > f.Limite {
		p.Reglements = p.Reglements[:f.Limite]
		d := p.Reglements[f.Limite-1]
		p.Suivant = curseur(string(d.Echeance), d.ID)
	}
	return p, nil
}

// filtrerReglements keeps what the desk of the comptable looks for.
func (c *clause) filtrerReglements(f FiltreReglements) {
	if f.EcheanceDu != "" {
		c.et(`r.echeance >= %s`, f.EcheanceDu)
	}
	if f.IDCC != "" {
		c.et(`d.idcc = %s`, f.IDCC)
	}
	if f.MontantMin > 0 {
		c.et(`r.montant >= %s`, int64(f.MontantMin))
	}
	if f.MontantMax > 0 {
		c.et(`r.montant <= %s`, int64(f.MontantMax))
	}
	if t := strings.TrimSpace(f.Texte); t != "" {
		t = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(t)
		sans := strings.ReplaceAll(t, " ", "")
		c.et(`unaccent(r.beneficiaire_nom) ILIKE '%' || unaccent(%s) || '%' OR r.numero ILIKE %s || '%' OR d.numero ILIKE %s || '%'
			OR f.numero ILIKE %s || '%' OR r.beneficiaire LIKE %s || '%'`, t, sans, sans, t, sans)
	}
}

func (c *clause) apresReglement(apres string) error {
	if apres == "" {
		return nil
	}
	jour, id, err := lireCurseur(apres)
	if err != nil {
		return err
	}
	if _, err := opco.ParseDate(jour); err != nil {
		return pageInconnue()
	}
	c.et(`(r.echeance, r.id) > (%s, %s)`, opco.Date(jour), id)
	return nil
}

// LigneRetour is a file received from the bank.
type LigneRetour struct {
	Empreinte   string    `db:"empreinte"`
	Nom         string    `db:"nom"`
	Format      string    `db:"format"`
	Entrees     int32     `db:"entrees"`
	Nouvelles   int32     `db:"nouvelles"`
	Quarantaine int32     `db:"quarantaine"`
	RecuLe      time.Time `db:"recu_le"`
	Par         string    `db:"par"`
}

// Retours lists the files received from the bank, newest first.
func (s *Store) Retours(ctx context.Context, apres string, limite int) (ls []LigneRetour, suivant string, err error) {
	var c clause
	c.et(`true`)
	if apres != "" {
		le, id, err := lireCurseurTemps(apres)
		if err != nil {
			return nil, "", err
		}
		c.et(`(r.recu_le, r.empreinte) < (%s, %s)`, le, id)
	}
	ls = []LigneRetour{}
	err = s.DB.SelectContext(ctx, &ls, requeteRetour+c.where()+fmt.Sprintf(` ORDER BY r.recu_le DESC, r.empreinte DESC LIMIT %d`, limite+1), c.args...)
	if err != nil {
		return nil, "", fmt.Errorf("listing the bank's files: %w", err)
	}
	if len(ls) > limite {
		ls = ls[:limite]
		d := ls[limite-1]
		suivant = curseur(d.RecuLe.UTC().Format(time.RFC3339Nano), d.Empreinte)
	}
	return ls, suivant, nil
}

// EntreeQuarantaine is what the bank said and nothing could apply, with the
// sentence that says why.
type EntreeQuarantaine struct {
	Cle        string       `db:"cle" json:"cle"`
	Retour     string       `db:"retour" json:"retour,omitempty"` // name of the file
	EndToEndID string       `db:"end_to_end_id" json:"end_to_end_id"`
	MsgID      string       `db:"msg_id" json:"msg_id,omitempty"`
	Statut     string       `db:"statut" json:"statut"`
	Motif      string       `db:"motif" json:"motif,omitempty"`
	Montant    opco.Montant `db:"montant" json:"montant"`
	Jour       opco.Date    `db:"jour" json:"jour,omitempty"`
	Phrase     string       `db:"phrase" json:"phrase"`
}

// ReglementsDe returns the règlements of a dossier within reach of p as their lots
// have them: once in a lot, a règlement is moved by it before its dossier hears of
// it.
func (s *Store) ReglementsDe(ctx context.Context, p opco.Portee, d *opco.Dossier) ([]opco.Reglement, error) {
	var c clause
	c.dansPortee(p)
	c.identifie(`d.id`, d.ID)
	var ls []reglementSuivi
	err := s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.SelectContext(ctx, q, &ls, `
			SELECT r.id, r.etat, r.motif, r.execute_le FROM reglement r JOIN dossier d ON d.id = r.dossier WHERE `+c.where(), c.args...)
	})
	if err != nil {
		return nil, fmt.Errorf("reading the règlements of %s: %w", d.ID, err)
	}
	return suivreReglements(d, ls), nil
}

// reglementSuivi is what the lots say of a règlement.
type reglementSuivi struct {
	ID        string    `db:"id" json:"id"`
	Etat      string    `db:"etat" json:"etat"`
	Motif     string    `db:"motif" json:"motif"`
	ExecuteLe opco.Date `db:"execute_le" json:"execute_le"`
}

// suivreReglements returns the règlements of d as the lots have them.
func suivreReglements(d *opco.Dossier, ls []reglementSuivi) []opco.Reglement {
	rs := append([]opco.Reglement{}, d.Reglements...)
	for i := range rs { // a dossier has a few règlements
		for _, l := range ls {
			if l.ID == rs[i].ID {
				rs[i].Etat, rs[i].Motif, rs[i].ExecuteLe = opco.EtatReglement(l.Etat), l.Motif, l.ExecuteLe
			}
		}
	}
	return rs
}

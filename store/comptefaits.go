package store

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// etatsOuvrables are the états in which somebody may log in to an account, for
// good or to take it in hand: an identifier opens only one of them.
var etatsOuvrables = pq.StringArray{string(opco.CompteActifLimite), string(opco.CompteActif), string(opco.CompteProvisoire),
	string(opco.CompteIdentifiantModifie), string(opco.CompteMotDePasseConfirme)}

// demandeFaits is what the charge of any acte on an account may name.
type demandeFaits struct {
	Identite struct {
		Email opco.Email `json:"email"`
	} `json:"identite"`
	Identifiant string             `json:"identifiant"`
	Blocs       []opco.BlocDemande `json:"blocs"`
	Droits      []opco.DroitDonne  `json:"droits"`
	Delegue     string             `json:"delegue"`
	Personne    string             `json:"personne"`
}

// faitsCompte reads, in the transaction of the step, what opco needs to decide it.
func (s *Store) faitsCompte(ctx context.Context, tx *sqlx.Tx, c *opco.Compte, a opco.Acte) (opco.FaitsCompte, error) {
	f := opco.FaitsCompte{Le: a.Le, Calendrier: s.Calendrier(false), Alea: alea}
	var dem demandeFaits
	_ = json.Unmarshal(a.Charge, &dem) // an unreadable charge is refused by the rule itself
	var err error
	if f.Parametres, err = parametres(ctx, tx, opco.JourDe(a.Le)); err != nil {
		return f, err
	}
	if err := faitsPersonne(ctx, tx, c, a, dem, &f); err != nil {
		return f, err
	}
	if err := faitsOrganisations(ctx, tx, c, dem, &f); err != nil {
		return f, err
	}
	err = tx.SelectContext(ctx, &f.Liens, `SELECT DISTINCT siren FROM lien_interet WHERE personne IN (NULLIF($1, ''), NULLIF($2, '')) ORDER BY siren`,
		a.Par.Personne, a.Par.Pour)
	if err != nil {
		return f, fmt.Errorf("reading the declared links of who acts: %w", err)
	}
	if f.Usages, err = usages(ctx, tx, c.ID); err != nil {
		return f, err
	}
	if a.Type == opco.ActeRetirerDroits || a.Type == opco.ActeCloreCompte {
		if f.AutresResponsables, err = autresResponsables(ctx, tx, c, opco.JourDe(a.Le)); err != nil {
			return f, err
		}
	}
	if a.Type == opco.ActeCloreCompte {
		if f.AutresTitulaires, err = autresTitulaires(ctx, tx, c); err != nil {
			return f, err
		}
	}
	if f.Auto, err = reglesAuto(ctx, tx); err != nil {
		return f, err
	}
	if a.Type == opco.ActeCreerAgent && dem.Personne != "" {
		if f.Jumeaux, err = jumeaux(ctx, tx, c.ID, dem.Personne); err != nil {
			return f, err
		}
	}
	if dem.Delegue != "" {
		if f.Delegue, err = compteParID(ctx, tx, dem.Delegue); err != nil {
			return f, err
		}
	}
	if a.Compte != "" && !a.Par.Role.Interne() {
		f.Auteur, err = compteParID(ctx, tx, a.Compte)
	}
	return f, err
}

// jumeaux reads the accounts of a person, not closed, but for the account id.
func jumeaux(ctx context.Context, tx *sqlx.Tx, id, personne string) ([]*opco.Compte, error) {
	var bruts [][]byte
	err := tx.SelectContext(ctx, &bruts, `
		SELECT contenu FROM compte WHERE personne = $1 AND id <> $2 AND etat NOT IN ('', 'CLOS', 'COMPTE_EXPIRE') ORDER BY cree_le, id`, personne, id)
	if err != nil {
		return nil, fmt.Errorf("reading the accounts of a person: %w", err)
	}
	cs := make([]*opco.Compte, len(bruts))
	for i, b := range bruts {
		if cs[i], err = lireCompte(b); err != nil {
			return nil, err
		}
	}
	return cs, nil
}

// alea gives n secret random bytes.
func alea(n int) []byte {
	b := make([]byte, n)
	rand.Read(b) //nolint:errcheck // it never fails: the program stops before
	return b
}

// faitsPersonne reads what concerns who the account is: the secret that waits,
// what is taken elsewhere, the other administrators.
func faitsPersonne(ctx context.Context, tx *sqlx.Tx, c *opco.Compte, a opco.Acte, dem demandeFaits, f *opco.FaitsCompte) error {
	if c.Interne() {
		// One at a time, so that the last two administrators do not leave together.
		if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('administrateurs', 0))`); err != nil {
			return fmt.Errorf("locking the administrators: %w", err)
		}
	}
	email := c.Email
	if email == "" {
		email = dem.Identite.Email
	}
	acte := a.ID
	if acte == "" {
		acte = "00000000-0000-0000-0000-000000000000"
	}
	err := tx.QueryRowxContext(ctx, `
		SELECT EXISTS (SELECT 1 FROM secret_acte WHERE acte = $1),
		       EXISTS (SELECT 1 FROM compte WHERE $2 <> '' AND lower(email) = lower($2) AND id <> $3 AND etat IN ('ACTIF_LIMITE', 'ACTIF')),
		       EXISTS (SELECT 1 FROM compte WHERE $4 <> '' AND lower(identifiant) = lower($4) AND id <> $3 AND etat = ANY ($5))
		         OR EXISTS (SELECT 1 FROM utilisateur WHERE identifiant = lower($4) AND compte IS DISTINCT FROM $3),
		       (SELECT count(DISTINCT r.personne) FROM role_agent r JOIN compte x ON x.id = r.compte
		        WHERE r.role = 'admin' AND NOT r.attend AND NOT r.coupee AND r.compte <> $3 AND r.personne <> $6 AND x.etat IN ('ACTIF_LIMITE', 'ACTIF'))`,
		acte, email, c.ID, identifiantVoulu(c, a, dem), etatsOuvrables, c.Personne).
		Scan(&f.MotDePasse, &f.EmailPris, &f.IdentifiantPris, &f.AutresAdmins)
	if err != nil {
		return fmt.Errorf("reading what account %s shares with others: %w", c.ID, err)
	}
	return nil
}

// identifiantVoulu is the identifier that the acte asks for, or that the account
// would open with.
func identifiantVoulu(c *opco.Compte, a opco.Acte, dem demandeFaits) string {
	switch {
	case dem.Identifiant != "":
		return dem.Identifiant
	case a.Type == opco.ActeConfirmerIdentifiant && c.Provisoire != nil && c.Provisoire.Nouveau != "":
		return c.Provisoire.Nouveau
	case c.Identifiant != "":
		return c.Identifiant
	case c.Email != "":
		return string(c.Email)
	}
	return string(dem.Identite.Email)
}

// faitsOrganisations reads what the OPCO knows of the companies and organismes
// that the account or its acte names.
func faitsOrganisations(ctx context.Context, tx *sqlx.Tx, c *opco.Compte, dem demandeFaits, f *opco.FaitsCompte) error {
	f.Entreprises, f.Organismes = map[opco.SIREN]opco.EntrepriseConnue{}, map[opco.SIREN]opco.OrganismeConnu{}
	noter := func(profil opco.Role, siret opco.SIRET) error {
		siren := siret.SIREN()
		if siren == "" {
			return nil
		}
		if profil == opco.RoleOrganisme {
			return connaitreOrganisme(ctx, tx, siren, f)
		}
		return connaitreEntreprise(ctx, tx, siren, f)
	}
	for _, bs := range [][]opco.BlocDemande{c.Demandes, dem.Blocs} {
		for _, b := range bs {
			for _, e := range b.Etablissements {
				if err := noter(b.Profil, e.SIRET); err != nil {
					return err
				}
			}
		}
	}
	for _, d := range dem.Droits {
		if err := noter(d.Profil, d.SIRET); err != nil {
			return err
		}
	}
	for _, h := range c.Habilitations {
		if err := noter(h.Profil, h.SIRET); err != nil {
			return err
		}
	}
	return nil
}

// connaitreEntreprise adds a company that the OPCO knows. Its masse salariale is
// that of the year before, or undated.
func connaitreEntreprise(ctx context.Context, tx *sqlx.Tx, siren opco.SIREN, f *opco.FaitsCompte) error {
	if _, deja := f.Entreprises[siren]; deja {
		return nil
	}
	var ls []struct {
		CodeAdherent string       `db:"code_adherent"`
		Masse        opco.Montant `db:"masse_salariale"`
		Annee        int          `db:"masse_annee"`
		Responsable  string       `db:"responsable"`
	}
	err := tx.SelectContext(ctx, &ls, `SELECT code_adherent, masse_salariale, masse_annee, responsable FROM entreprise WHERE siren = $1`, siren)
	if err != nil {
		return fmt.Errorf("reading what is known of company %s: %w", siren, err)
	}
	if len(ls) == 0 {
		return nil
	}
	e := opco.EntrepriseConnue{CodeAdherent: ls[0].CodeAdherent, Responsable: ls[0].Responsable}
	if a := ls[0].Annee; a == 0 || a == opco.JourDe(f.Le).Annee()-1 {
		e.MasseSalariale = ls[0].Masse
	}
	if e.Entreprise, err = entreprise(ctx, tx, siren); err != nil {
		return err
	}
	e.Sites, err = sites(ctx, tx, siren)
	f.Entreprises[siren] = e
	return err
}

func connaitreOrganisme(ctx context.Context, tx *sqlx.Tx, siren opco.SIREN, f *opco.FaitsCompte) error {
	if _, deja := f.Organismes[siren]; deja {
		return nil
	}
	o, err := organisme(ctx, tx, siren)
	if err != nil || o == nil {
		return err
	}
	k := opco.OrganismeConnu{Organisme: *o}
	if k.Sites, err = sites(ctx, tx, siren); err != nil {
		return err
	}
	depuis := opco.JourDe(f.Le).Mois(-f.Parametres.Comptes.FactureConnueMois)
	err = tx.SelectContext(ctx, &k.Factures, `
		SELECT DISTINCT total_ht FROM facture WHERE left(emetteur, 9) = $1 AND recue_le >= $2 AND etat <> 'REJETEE_TECHNIQUE' ORDER BY 1`,
		siren, depuis)
	if err != nil {
		return fmt.Errorf("reading the invoices of organisme %s: %w", siren, err)
	}
	f.Organismes[siren] = k
	return nil
}

func sites(ctx context.Context, tx *sqlx.Tx, siren opco.SIREN) ([]opco.SIRET, error) {
	var ss []opco.SIRET
	if err := tx.SelectContext(ctx, &ss, `SELECT siret FROM etablissement WHERE siren = $1 ORDER BY siret`, siren); err != nil {
		return nil, fmt.Errorf("reading the sites of %s: %w", siren, err)
	}
	return ss, nil
}

// autresResponsables counts, under the locks of the companies of the account, who
// else manages the users of each établissement today: two who withdraw each other do not both succeed.
func autresResponsables(ctx context.Context, tx *sqlx.Tx, c *opco.Compte, jour opco.Date) (map[string]int, error) {
	var sirens []string
	for _, h := range c.Habilitations {
		if s := string(h.SIRET.SIREN()); h.Service == opco.ServiceUtilisateurs && !slices.Contains(sirens, s) {
			sirens = append(sirens, s)
		}
	}
	slices.Sort(sirens)
	for _, s := range sirens {
		if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('responsables:' || $1, 0))`, s); err != nil {
			return nil, fmt.Errorf("locking the administrators of %s: %w", s, err)
		}
	}
	var ls []struct {
		Cle    string `db:"cle"`
		Nombre int    `db:"nombre"`
	}
	err := tx.SelectContext(ctx, &ls, `
		SELECT h.profil || ':' || h.siret AS cle, count(DISTINCT x.personne) AS nombre FROM habilitation h JOIN compte x ON x.id = h.compte
		WHERE h.service = 'UTILISATEURS' AND h.etat = 'ACCORDEE' AND NOT h.mandat AND NOT h.coupee AND h.siren = ANY ($1)
		  AND (h.du IS NULL OR h.du <= $2) AND (h.au IS NULL OR $2 <= h.au) AND x.personne <> $3 AND x.etat IN ('ACTIF_LIMITE', 'ACTIF')
		GROUP BY 1`, pq.Array(sirens), jour, c.Personne)
	if err != nil {
		return nil, fmt.Errorf("counting the administrators of the companies of account %s: %w", c.ID, err)
	}
	m := make(map[string]int, len(ls))
	for _, l := range ls {
		m[l.Cle] = l.Nombre
	}
	return m, nil
}

// usages gives the last use of each right of an account.
func usages(ctx context.Context, tx *sqlx.Tx, id string) (map[string]time.Time, error) {
	var ls []struct {
		ID string    `db:"id"`
		Le time.Time `db:"utilisee_le"`
	}
	err := tx.SelectContext(ctx, &ls, `SELECT id, utilisee_le FROM habilitation WHERE compte = $1 AND utilisee_le IS NOT NULL`, id)
	if err != nil {
		return nil, fmt.Errorf("reading the use of the rights of %s: %w", id, err)
	}
	m := make(map[string]time.Time, len(ls))
	for _, l := range ls {
		m[l.ID] = l.Le.UTC()
	}
	return m, nil
}

// reglesAuto lists the rules that grant a right by themselves now.
func reglesAuto(ctx context.Context, tx *sqlx.Tx) ([]opco.RegleAuto, error) {
	var ls []struct {
		ID        string         `db:"id"`
		Profil    opco.Role      `db:"profil"`
		Service   opco.Service   `db:"service"`
		Questions pq.StringArray `db:"questions"`
	}
	if err := tx.SelectContext(ctx, &ls, `SELECT id, profil, service, questions FROM regle_auto WHERE arretee_le IS NULL ORDER BY id`); err != nil {
		return nil, fmt.Errorf("reading the auto-accept rules: %w", err)
	}
	rs := make([]opco.RegleAuto, len(ls))
	for i, l := range ls {
		rs[i] = opco.RegleAuto{ID: l.ID, Profil: l.Profil, Service: l.Service, Questions: l.Questions}
	}
	return rs, nil
}

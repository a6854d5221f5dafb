package store

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/lib/pq"

	"guichet/opco"
)

var cycleCompte = cycle{
	passe: func(de string, a opco.TypeActe, vers string) bool {
		_, ok := opco.PasseCompte(opco.Etat(de), a, opco.Etat(vers))
		return ok
	},
	admet: func(de string, a opco.TypeActe, r opco.Role) error { return opco.AdmetCompte(opco.Etat(de), a, r) },
	final: func(e string) bool { return opco.CompteFini(opco.Etat(e)) },
}

// compteVerifie is an account with what must agree with it. Droits are the lines of
// the tables of rights, roles and delegations, written as lignesDe writes them.
type compteVerifie struct {
	ID          string         `db:"id"`
	Etat        string         `db:"etat"`
	Rang        int64          `db:"rang"`
	Identifiant string         `db:"identifiant"`
	Email       string         `db:"email"`
	Personne    string         `db:"personne"`
	Prochaine   int64          `db:"prochaine"`
	Resume      []byte         `db:"resume"`
	Contenu     []byte         `db:"contenu"`
	Droits      pq.StringArray `db:"droits"`

	objet    string
	c        *opco.Compte
	passages []lignePassage
}

// comptes holds every account to its journal and its projection.
func (t *tournee) comptes(ctx context.Context) error {
	dernier := "00000000-0000-0000-0000-000000000000"
	for {
		xs, err := t.prochainsComptes(ctx, dernier)
		if err != nil || len(xs) == 0 {
			return err
		}
		for _, x := range xs {
			t.tenirCompte(x)
		}
		dernier = xs[len(xs)-1].ID
	}
}

func (t *tournee) prochainsComptes(ctx context.Context, apres string) ([]*compteVerifie, error) {
	var xs []*compteVerifie
	err := t.tx.SelectContext(ctx, &xs, `
		SELECT c.id, c.etat, c.rang, c.identifiant, c.email, c.personne, c.resume, c.contenu,
		       COALESCE((extract(epoch FROM c.prochaine_echeance) * 1000000)::bigint, 0) AS prochaine,
		       ARRAY(SELECT concat_ws('|', 'droit', h.id, h.profil, h.siret, h.service, h.etat, h.du, h.au, h.mandat, h.motif, h.limite,
		                              h.decidee_par, h.auto, h.recue) FROM habilitation h WHERE h.compte = c.id
		             UNION ALL SELECT concat_ws('|', 'role', r.role, r.personne, r.attend) FROM role_agent r WHERE r.compte = c.id
		             UNION ALL SELECT concat_ws('|', 'delegation', d.id, d.personne, d.delegue, d.role, d.du, d.au, d.finie)
		             FROM delegation d WHERE d.compte = c.id) AS droits
		FROM compte c
		WHERE c.id > $1::uuid AND c.rang > 0 AND ($2::text[] IS NULL OR 'compte/' || c.id = ANY ($2))
		ORDER BY c.id LIMIT $3`, apres, t.perimetre(), tranche)
	if err != nil {
		return nil, fmt.Errorf("reading accounts: %w", err)
	}
	objets, parObjet := make([]string, len(xs)), map[string]*compteVerifie{}
	for i, x := range xs {
		x.objet = opco.ObjetCompte(x.ID)
		if c, err := lireCompte(x.Contenu); err == nil {
			x.c = c
		}
		objets[i], parObjet[x.objet] = x.objet, x
	}
	ps, err := t.passagesDe(ctx, objets)
	for _, p := range ps {
		parObjet[p.Objet].passages = append(parObjet[p.Objet].passages, p)
	}
	return xs, err
}

// tenirCompte holds an account to I13, I14 and I19 by its journal, then to I15:
// columns = content = what the journal says last = rows of its rights and roles.
func (t *tournee) tenirCompte(x *compteVerifie) {
	nom := "compte " + x.ID
	t.tenirJournal(x.objet, nom, x.passages, cycleCompte)
	t.examiner("I15", 1)
	if x.c == nil {
		t.rompre("I15", x.objet, "%s : son contenu est illisible", nom)
		return
	}
	c, du, attendue := x.c, enCanonique(x.c.Resume()), int64(0)
	if len(c.Echeances) > 0 {
		attendue = c.Echeances[0].Le.UnixMicro()
	}
	if x.Etat != string(c.Etat) || x.Rang != c.Rang || x.ID != c.ID || x.Identifiant != c.Identifiant || x.Email != string(c.Email) ||
		x.Personne != c.Personne || x.Prochaine != attendue || !bytes.Equal(canonique(x.Resume), du) {
		t.rompre("I15", x.objet, "%s : le tableau n’est pas ce que dit le compte", nom)
	}
	if n := len(x.passages); n == 0 || x.passages[n-1].Vers != x.Etat || x.passages[n-1].Rang != x.Rang ||
		!bytes.Equal(canonique(x.passages[n-1].Resume), du) {
		t.rompre("I15", x.objet, "%s : le journal ne finit pas où en est le compte", nom)
	}
	t.tenirDroits(x, nom)
	t.tenirAutrui(x, nom)
}

// tenirDroits names the first right, role or delegation that the tables and the
// account do not say alike.
func (t *tournee) tenirDroits(x *compteVerifie, nom string) {
	attendus, lus := lignesDe(x.c), slices.Clone([]string(x.Droits))
	slices.Sort(attendus)
	slices.Sort(lus)
	if slices.Equal(attendus, lus) {
		return
	}
	for _, l := range append(slices.Clone(attendus), lus...) {
		if !slices.Contains(attendus, l) || !slices.Contains(lus, l) {
			champs := strings.SplitN(l, "|", 3)
			t.rompre("I15", x.objet, "%s : le %s « %s » n’est pas le même dans le compte et dans le tableau", nom, champs[0], champs[1])
			return
		}
	}
	t.rompre("I15", x.objet, "%s : un droit est écrit deux fois", nom)
}

// lignesDe writes the rights, roles and delegations of an account as the query of
// prochainsComptes does: an absent value is left out.
func lignesDe(c *opco.Compte) []string {
	ecrire := func(champs ...any) string {
		var mots []string
		for _, v := range champs {
			switch v := v.(type) {
			case opco.Date:
				if v != "" {
					mots = append(mots, string(v))
				}
			case bool:
				mots = append(mots, map[bool]string{true: "t", false: "f"}[v])
			default:
				mots = append(mots, fmt.Sprint(v))
			}
		}
		return strings.Join(mots, "|")
	}
	var ls []string
	for _, h := range c.Habilitations {
		ls = append(ls, ecrire("droit", h.ID, h.Profil, h.SIRET, h.Service, h.Etat, h.Du, h.Au, h.Mandat, h.Motif, h.Limite,
			h.DecideePar.Personne, h.Auto, h.Recue))
	}
	for r, attend := range rolesPoses(c) {
		ls = append(ls, ecrire("role", r, c.Personne, attend))
	}
	for _, d := range c.Delegations {
		ls = append(ls, ecrire("delegation", d.ID, c.Personne, d.Delegue, d.Role, d.Du, d.Au, !d.FinLe.IsZero()))
	}
	return ls
}

// requetesComptes are the invariants of accounts that one query can judge.
var requetesComptes = []requeteInvariant{
	// I22: a secret does not outlive its use.
	{"I22", `SELECT (SELECT count(*) FROM courrier c WHERE c.sorte = 'compte' AND ($1::text[] IS NULL OR c.objet = ANY ($1)))
		+ (SELECT count(*) FROM secret_acte)`, `
		SELECT COALESCE(a.objet, 'acte/' || s.acte), 'le mot de passe choisi avec l’acte ' || s.acte || ' est gardé à part alors que l’acte est jugé, ou n’existe pas'
		FROM secret_acte s LEFT JOIN acte a ON a.id = s.acte
		WHERE (a.id IS NULL OR a.etat <> 'recu') AND s.cree_le < clock_timestamp() - interval '1 hour'
		  AND ($1::text[] IS NULL OR a.objet = ANY ($1))`},
	{"I22", "", `
		SELECT c.objet, 'le courrier ' || c.id || ' est « ' || c.etat || ' » et porte encore son secret'
		FROM courrier c
		WHERE c.sorte = 'compte' AND c.etat <> 'A_ENVOYER' AND COALESCE(c.donnees #>> '{courrier,secret}', '') <> ''
		  AND ($1::text[] IS NULL OR c.objet = ANY ($1))`},

	// I27: on persons, whatever their accounts.
	{"I27", `SELECT count(*) FROM role_agent r WHERE ($1::text[] IS NULL OR 'compte/' || r.compte = ANY ($1))`, `
		SELECT 'compte/' || min(r.compte::text), 'la personne ' || r.personne || ' cumule des rôles qui s’excluent : ' || string_agg(DISTINCT r.role, ', ')
		FROM role_agent r
		WHERE ($1::text[] IS NULL OR 'compte/' || r.compte = ANY ($1))
		GROUP BY r.personne
		HAVING bool_or(r.role = 'comptable') AND bool_or(r.role IN ('gestionnaire', 'conseiller'))
		    OR bool_or(r.role IN ('admin', 'ops')) AND (bool_or(r.role IN ('gestionnaire', 'conseiller', 'responsable', 'comptable'))
		       OR bool_or(r.role = 'admin') AND bool_or(r.role = 'ops'))`},
	{"I27", "", `
		SELECT 'compte/' || d.compte, 'la délégation ' || d.id || ' est donnée à la personne même qui est absente'
		FROM delegation d JOIN compte c ON c.id = d.delegue
		WHERE c.personne = d.personne AND ($1::text[] IS NULL OR 'compte/' || d.compte = ANY ($1))`},
	{"I27", "", `
		SELECT 'compte/' || c.id, 'le lien déclaré avec ' || (l ->> 'siren') || ' n’écarte plus la personne'
		FROM compte c CROSS JOIN LATERAL jsonb_array_elements(COALESCE(c.contenu -> 'liens', '[]')) l
		LEFT JOIN lien_interet i ON i.personne = c.personne AND i.siren = l ->> 'siren'
		WHERE l ->> 'fin_le' IS NULL AND i.siren IS NULL AND ($1::text[] IS NULL OR 'compte/' || c.id = ANY ($1))`},

	// I28: nothing opens outside of an open account.
	{"I28", `SELECT count(*) FROM compte c WHERE c.rang > 0 AND ($1::text[] IS NULL OR 'compte/' || c.id = ANY ($1))`, `
		SELECT 'compte/' || c.id, 'le compte ' || c.id || ' est « ' || c.etat || ' » et garde le droit ' || h.id
		FROM compte c JOIN habilitation h ON h.compte = c.id AND h.etat = 'ACCORDEE'
		WHERE c.etat IN ('CLOS', 'COMPTE_EXPIRE') AND ($1::text[] IS NULL OR 'compte/' || c.id = ANY ($1))`},
	{"I28", "", `
		SELECT 'compte/' || c.id, 'le compte ' || c.id || ' est « ' || c.etat || ' »' ||
		       CASE WHEN u.compte IS NULL THEN ' et personne ne peut s’y connecter' ELSE ', et son identifiant ouvre encore, ou n’est pas le sien' END
		FROM compte c LEFT JOIN utilisateur u ON u.compte = c.id
		WHERE c.rang > 0 AND ($1::text[] IS NULL OR 'compte/' || c.id = ANY ($1))
		  AND CASE WHEN c.etat IN ('ACTIF_LIMITE', 'ACTIF', 'PROVISOIRE', 'IDENTIFIANT_MODIFIE', 'MOT_DE_PASSE_CONFIRME')
		           THEN u.compte IS NULL OR u.identifiant <> lower(c.identifiant) OR u.personne <> c.personne
		           ELSE u.compte IS NOT NULL END`},
	{"I28", "", `
		SELECT COALESCE('compte/' || u.compte, 'utilisateur'), 'un identifiant ouvre sans compte'
		FROM utilisateur u WHERE u.compte IS NULL AND NOT EXISTS (SELECT 1 FROM reprise_compte r WHERE r.identifiant = u.identifiant)
		  AND $1::text[] IS NULL`},
	{"I28", "", `
		SELECT 'compte/' || s.compte, 'une session est ouverte sur le compte ' || s.compte || ', qui ne s’ouvre pas'
		FROM session s LEFT JOIN utilisateur u ON u.compte = s.compte AND u.actif
		WHERE s.compte IS NOT NULL AND s.expiry > clock_timestamp() AND u.compte IS NULL AND ($1::text[] IS NULL OR 'compte/' || s.compte = ANY ($1))`},
	{"I28", "", `
		SELECT 'compte/' || c.id, 'le compte ' || c.id || ' est coupé sans qu’un retrait attende'
		FROM compte c
		WHERE (EXISTS (SELECT 1 FROM habilitation h WHERE h.compte = c.id AND h.coupee)
		       OR EXISTS (SELECT 1 FROM role_agent r WHERE r.compte = c.id AND r.coupee)
		       OR EXISTS (SELECT 1 FROM utilisateur u WHERE u.compte = c.id AND NOT u.actif))
		  AND NOT EXISTS (SELECT 1 FROM acte a WHERE a.objet = 'compte/' || c.id AND a.etat = 'recu')
		  AND ($1::text[] IS NULL OR 'compte/' || c.id = ANY ($1))`},

	// I36: of an erased account nothing personal is left.
	{"I36", `SELECT count(*) FROM compte c WHERE c.contenu ? 'purge_le' AND ($1::text[] IS NULL OR 'compte/' || c.id = ANY ($1))`, `
		SELECT 'compte/' || c.id, 'le compte ' || c.id || ' est effacé, et garde ' ||
		       CASE WHEN c.nom || c.prenom || c.email || c.identifiant || c.recherche <> '' THEN 'un nom ou une adresse'
		            WHEN c.contenu ? 'demandes' OR c.contenu ? 'preuves' THEN 'sa demande'
		            WHEN EXISTS (SELECT 1 FROM acte a WHERE a.objet = 'compte/' || c.id AND a.etat <> 'recu' AND a.charge <> '{}') THEN 'le contenu d’un acte'
		            ELSE 'un courrier' END
		FROM compte c
		WHERE c.contenu ? 'purge_le' AND ($1::text[] IS NULL OR 'compte/' || c.id = ANY ($1))
		  AND (c.nom || c.prenom || c.email || c.identifiant || c.recherche <> '' OR c.contenu ? 'demandes' OR c.contenu ? 'preuves'
		       OR EXISTS (SELECT 1 FROM acte a WHERE a.objet = 'compte/' || c.id AND a.etat <> 'recu' AND a.charge <> '{}')
		       OR EXISTS (SELECT 1 FROM courrier m WHERE m.objet = 'compte/' || c.id AND m.etat <> 'A_ENVOYER' AND (m.adresse <> '' OR m.donnees <> '{}')))`},
}

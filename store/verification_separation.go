package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"guichet/opco"
)

// I27 is recomputed from the journals, which say who did what and in whose name,
// not from what the rules believed at the time (reliability.md 3.1).

// requetesSeparation are the parts of I27 that one query can judge.
var requetesSeparation = []requeteInvariant{
	// Rule 2: who judged a dossier before a lot was prepared or validated did neither.
	{"I27", `SELECT count(*) FROM passage p WHERE p.objet LIKE 'lot/%' AND p.verdict = 'applique' AND p.personne <> '' AND ($1::text[] IS NULL OR p.objet = ANY ($1))`, `
		SELECT DISTINCT s.objet, l.id || ', rang ' || s.rang || ' : « ' || s.type || ' » fait par ' || x.personne || ', qui a jugé le dossier ' || (g.contenu ->> 'dossier_numero')
		FROM passage s CROSS JOIN LATERAL unnest(ARRAY [s.personne, s.pour]) AS x(personne)
		JOIN lot l ON 'lot/' || l.id = s.objet
		JOIN lot_ligne g ON g.lot = l.id
		JOIN passage j ON j.objet = 'dossier/' || (g.contenu ->> 'dossier') AND j.verdict = 'applique' AND j.role IN (` + rolesJuges + `)
		     AND x.personne IN (j.personne, j.pour) AND j.le < s.le
		WHERE s.verdict = 'applique' AND s.type IN ('construire_lot', 'ejecter_ligne', 'valider_lot') AND x.personne <> ''
		  AND ($1::text[] IS NULL OR s.objet = ANY ($1))`},
	// Rule 7: nobody treated a dossier of a company while they had declared a link with it.
	{"I27", `SELECT count(*) FROM compte c WHERE c.contenu ? 'liens' AND ($1::text[] IS NULL OR 'compte/' || c.id = ANY ($1))`, `
		SELECT DISTINCT p.objet, 'rang ' || p.rang || ' : « ' || p.type || ' » fait par ' || c.personne || ', qui avait déclaré un lien avec ' || (l ->> 'siren')
		FROM compte c CROSS JOIN LATERAL jsonb_array_elements(COALESCE(c.contenu -> 'liens', '[]')) l
		JOIN dossier d ON l ->> 'siren' IN (d.siren, left(d.organisme, 9))
		JOIN passage p ON p.objet = 'dossier/' || d.id AND p.verdict = 'applique' AND c.personne IN (p.personne, p.pour)
		     AND p.role NOT IN ('entreprise', 'organisme')
		WHERE p.le > (l ->> 'le')::timestamptz AND (l ->> 'fin_le' IS NULL OR p.le < (l ->> 'fin_le')::timestamptz)
		  AND ($1::text[] IS NULL OR p.objet = ANY ($1))`},
	// Rules 3 and 6: no delegation gives a role that another role of the delegate excludes.
	{"I27", `SELECT count(*) FROM delegation d WHERE NOT d.finie AND ($1::text[] IS NULL OR 'compte/' || d.compte = ANY ($1))`, `
		SELECT 'compte/' || d.compte, 'la délégation ' || d.id || ' donne le rôle ' || d.role || ' à ' || c.personne || ', qui a le rôle ' || min(r.role)
		FROM delegation d JOIN compte c ON c.id = d.delegue JOIN role_agent r ON r.personne = c.personne AND roles_incompatibles(r.role, d.role)
		WHERE NOT d.finie AND ($1::text[] IS NULL OR 'compte/' || d.compte = ANY ($1))
		GROUP BY d.compte, d.id, d.role, c.personne`},
}

// qui returns who did p.
func (l lignePassage) qui() opco.Acteur {
	return opco.Acteur{Personne: l.Personne, Pour: l.Pour, Nom: l.Nom, Role: opco.Role(l.Role)}
}

func (l lignePassage) applique(ts ...opco.TypeActe) bool {
	return l.Verdict == string(opco.VerdictApplique) && slices.Contains(ts, opco.TypeActe(l.Type))
}

// tenirSignatures holds a lot to rules 1, 4 and 6 by its journal: no builder
// validated, nobody validated twice, and above the thresholds of its day two persons
// did, one of whom a responsable. The table of signatures says the same.
func (t *tournee) tenirSignatures(ctx context.Context, x *lotVerifie) error {
	if x.l == nil {
		return nil
	}
	non := func(format string, args ...any) { t.rompre("I27", x.objet, "lot "+x.ID+" : "+format, args...) }
	var createurs, validations []opco.Acteur
	for _, p := range x.passages {
		switch {
		case p.applique(opco.ActeConstruireLot, opco.ActeEjecterLigne):
			createurs, validations = append(createurs, p.qui()), nil
		case p.applique(opco.ActeValiderLot, opco.ActeRelireLot, opco.ActeEmettreLot, opco.ActeRappelerLot) && p.Motif != "": // lines had changed: nothing stays validated
			validations = nil
		case p.applique(opco.ActeValiderLot):
			if slices.ContainsFunc(createurs, p.qui().Croise) {
				non("rang %d, validé par %s, qui l’a préparé", p.Rang, p.Personne)
			}
			if slices.ContainsFunc(validations, p.qui().Croise) {
				non("rang %d, validé deux fois par %s", p.Rang, p.Personne)
			}
			validations = append(validations, p.qui())
		}
	}
	if x.l.ValideLe.IsZero() {
		return t.signaturesEcrites(ctx, x)
	}
	regles, err := parametres(ctx, t.tx, opco.JourDe(x.l.ValideLe))
	if err != nil {
		return err
	}
	deResponsable := func(a opco.Acteur) bool { return a.Role == opco.RoleResponsable }
	switch haut := x.l.Haut(regles); {
	case len(validations) == 0:
		non("parti sans validation au journal")
	case haut && (len(validations) < 2 || !slices.ContainsFunc(validations, deResponsable)):
		non("au-delà des seuils, et validé %d fois seulement, ou sans responsable", len(validations))
	}
	return t.signaturesEcrites(ctx, x)
}

// signaturesEcrites compares the table of signatures with the lot.
func (t *tournee) signaturesEcrites(ctx context.Context, x *lotVerifie) error {
	var lues []signature
	err := t.tx.SelectContext(ctx, &lues, `SELECT personne, sens, role, numero FROM lot_signature WHERE lot = $1 ORDER BY sens, numero, personne`, x.ID)
	if err != nil {
		return fmt.Errorf("reading the signatures of lot %s: %w", x.ID, err)
	}
	attendues := signatures(x.l)
	trier := func(a, b signature) int {
		return slices.Compare([]string{a.Sens, fmt.Sprintf("%06d", a.Numero), a.Personne}, []string{b.Sens, fmt.Sprintf("%06d", b.Numero), b.Personne})
	}
	slices.SortFunc(attendues, trier)
	slices.SortFunc(lues, trier)
	if !slices.Equal(attendues, lues) {
		t.rompre("I27", x.objet, "lot %s : ses signatures ne sont pas celles du tableau", x.ID)
	}
	return nil
}

// tenirSecondRegard holds a dossier to the two looks: who proposed does not
// validate; who granted does not accept the service fait above the threshold.
func (t *tournee) tenirSecondRegard(ctx context.Context, x *dossierVerifie) error {
	var propose opco.Acteur
	var ontAccorde []opco.Acteur
	accepte := opco.Montant(0)
	for _, p := range x.passages {
		var r opco.Resume
		_ = json.Unmarshal(p.Resume, &r) // I19 says when it cannot be read
		switch {
		case p.applique(opco.ActeValider) && p.qui().Croise(propose):
			t.rompre("I27", x.objet, "%s, rang %d : %s valide ce que la même personne a proposé", x.nom(), p.Rang, p.Personne)
		case p.applique(opco.ActeConstater) && slices.ContainsFunc(ontAccorde, p.qui().Croise):
			regles, err := parametres(ctx, t.tx, opco.JourDe(p.Le))
			if err != nil {
				return err
			}
			if r.Accepte-accepte >= regles.SecondRegard {
				t.rompre("I27", x.objet, "%s, rang %d : %s valide le service fait de %s après avoir accordé", x.nom(), p.Rang, p.Personne, r.Accepte-accepte)
			}
		}
		if p.applique(opco.ActeDecider) {
			propose = p.qui()
		}
		if p.applique(opco.ActeDecider, opco.ActeValider) && decide(p) {
			ontAccorde = append(ontAccorde, p.qui())
		}
		accepte = r.Accepte
	}
	return nil
}

// tenirAutrui holds an account to what nobody does for himself: a role given or
// confirmed, a right granted by the OPCO; and a role confirmed by who gave it.
func (t *tournee) tenirAutrui(x *compteVerifie, nom string) {
	c := x.c
	t.examiner("I27", len(c.Roles))
	for _, r := range c.Roles {
		switch {
		case r.AccordePar.Engage(c.Personne) || r.ConfirmePar.Engage(c.Personne):
			t.rompre("I27", x.objet, "%s : le rôle « %s » est donné ou confirmé par la personne elle-même", nom, r.Role)
		case r.ConfirmePar.Croise(r.AccordePar):
			t.rompre("I27", x.objet, "%s : le rôle « %s » est confirmé par qui l’a donné", nom, r.Role)
		}
	}
	for _, h := range c.Habilitations {
		if h.DecideePar.Role.Interne() && h.DecideePar.Engage(c.Personne) {
			t.rompre("I27", x.objet, "%s : le droit « %s » est décidé par la personne elle-même", nom, h.ID)
		}
	}
}

package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"guichet/opco"
)

// courrierEchoue is a mail that did not leave.
type courrierEchoue struct {
	ID       string    `db:"id"`
	Objet    string    `db:"objet"`
	Etat     string    `db:"etat"`
	Essais   int       `db:"essais"`
	Erreur   string    `db:"erreur"`
	Prochain time.Time `db:"prochain"`
	Le       time.Time `db:"le"`
}

// incident says a mail that did not leave. What is refused for good is so whatever the
// words, unless they say that it cannot be read.
func (c courrierEchoue) incident() opco.Incident {
	i := opco.Incident{Objet: c.Objet, Activite: opco.ActiviteCourrier + "/" + c.ID, Essais: c.Essais, Erreur: c.Erreur, Classe: opco.ClasserErreur(c.Erreur)}
	if c.Etat != "REFUSE" {
		i.Prochain = &c.Prochain
		return i
	}
	if i.Classe != opco.ClasseDonnee {
		i.Classe = opco.ClasseRefus
	}
	return i
}

// tientCourrier is the condition under which a mail c is stuck; $1 is the number of tries.
// A mail of an account that was erased is given up on purpose.
const tientCourrier = `(c.etat = 'A_ENVOYER' AND c.essais > 1 AND c.essais >= $1 OR c.etat = 'REFUSE' AND c.donnees <> '{}')`

// RondeCourriers opens an incident for each mail that fails again and again or is refused
// for good, and closes those of mails that left or were given up. One that was closed stays
// so until it is tried again: a refusal later than the closing, even at the same count, since
// sending a mail again counts its tries afresh.
func (s *Store) RondeCourriers(ctx context.Context, p opco.ParametresExploitation) error {
	const page = 500
	apres := ""
	for range rondeMax / page {
		var cs []courrierEchoue
		err := s.DB.SelectContext(ctx, &cs, `
			SELECT c.id, c.objet, c.etat, c.essais, c.erreur, c.prochain, c.le FROM courrier c
			LEFT JOIN incident i ON i.id = c.objet || '/courrier/' || c.id
			WHERE `+tientCourrier+` AND (i.id IS NULL OR i.essais <> c.essais OR c.etat = 'REFUSE' AND c.prochain > i.clos_le) AND c.id > $2
			ORDER BY c.id LIMIT $3`, p.Essais, apres, page)
		if err != nil {
			return fmt.Errorf("looking for mails that fail: %w", err)
		}
		is := make([]opco.Incident, len(cs))
		for n, c := range cs {
			is[n] = c.incident()
		}
		if err := s.Constater(ctx, is...); err != nil {
			return err
		}
		if len(cs) < page {
			break
		}
		apres = cs[page-1].ID
	}
	_, err := s.clore(ctx, `i.activite LIKE 'courrier/%' AND NOT EXISTS (SELECT 1 FROM courrier c WHERE c.id = substr(i.activite, 10) AND `+tientCourrier+`)`, p.Essais)
	return err
}

// concordeDossier is the condition under which what is read of dossier d is what the last
// line p of its journal says.
const concordeDossier = `p.rang IS NOT NULL AND d.rang = p.rang AND d.etat = p.resume ->> 'etat' AND d.accorde = (p.resume ->> 'accorde')::bigint
	AND d.engage = (p.resume ->> 'engage')::bigint AND d.accepte = (p.resume ->> 'accepte')::bigint AND d.paye = (p.resume ->> 'paye')::bigint`

// lectureSuivie joins a dossier d with the last line p of its journal; a brouillon has its
// own saves.
const lectureSuivie = `dossier d LEFT JOIN LATERAL (SELECT rang, resume FROM passage p WHERE p.objet = 'dossier/' || d.id ORDER BY rang DESC LIMIT 1) p ON true`

// suiviDe is the condition under which a dossier d is held to the last line p of its journal. It reads the
// état there: that of the row may be what is wrong.
const suiviDe = `COALESCE(p.resume ->> 'etat', d.etat) NOT IN ('BROUILLON', 'SUPPRIME')`

// activiteLecture is the incident of a dossier that is read otherwise than its journal says.
const activiteLecture = opco.ActiviteDivergence + "/lecture"

// concordancePage is how many dossiers one round compares with their journal, of those that
// come next and of those that have just moved: a base of 100,000 is walked in 200 rounds.
const concordancePage = 500

// dossierCompare is a dossier and whether it is read as its journal says.
type dossierCompare struct {
	ID       string `db:"id"`
	Concorde bool   `db:"concorde"`
}

// comparer compares at most concordancePage dossiers d of which the condition holds.
func (s *Store) comparer(ctx context.Context, condition string, args ...any) ([]dossierCompare, error) {
	var ls []dossierCompare
	err := s.DB.SelectContext(ctx, &ls, `
		SELECT d.id, COALESCE(`+concordeDossier+`, false) AS concorde FROM `+lectureSuivie+`
		WHERE `+condition+` AND `+suiviDe+` ORDER BY d.id LIMIT $1`, append([]any{concordancePage}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("comparing dossiers with their journal: %w", err)
	}
	return ls, nil
}

// RondeConcordance compares with the last line of their journal the dossiers that moved in
// the last minutes, then the next ones after one, and looks again at those that differed. It
// returns the last that it compared: round after round the whole base is walked.
func (s *Store) RondeConcordance(ctx context.Context, apres string) (string, error) {
	recents, err := s.comparer(ctx, `d.id IN (SELECT substr(objet, 9)::uuid FROM passage
		WHERE inscrit_le > clock_timestamp() - interval '5 minutes' AND objet LIKE 'dossier/%' ORDER BY inscrit_le DESC LIMIT $1)`)
	if err != nil {
		return apres, err
	}
	ls, err := s.comparer(ctx, `d.id > $2::uuid`, apres)
	if err != nil {
		return apres, err
	}
	var is []opco.Incident
	for _, l := range slices.Concat(recents, ls) {
		if !l.Concorde {
			is = append(is, opco.Incident{Objet: opco.ObjetDossier(l.ID), Activite: activiteLecture, Essais: 1, Classe: opco.ClasseTue,
				Erreur: "Le tableau ne dit pas, pour ce dossier, l’état ou les montants de la dernière ligne de son journal."})
		}
	}
	if err := s.Constater(ctx, is...); err != nil {
		return apres, err
	}
	_, err = s.clore(ctx, `i.activite = '`+activiteLecture+`' AND EXISTS (SELECT 1 FROM `+lectureSuivie+` WHERE d.id = i.dossier AND `+concordeDossier+`)`)
	if len(ls) < concordancePage {
		return "00000000-0000-0000-0000-000000000000", err
	}
	return ls[concordancePage-1].ID, err
}

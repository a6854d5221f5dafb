package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

func tableau(s []string) any { return pq.Array(s) }

// ProposerRIB receives the new bank details of the organisation of g, with the file
// that proves them. The contact on file is told at once, and the lots that pay this
// organisation and have not left are asked to look again: the actes returned. Errors
// are Invalid, on the field at fault, or Conflict when a change is already on its way.
func (s *Store) ProposerRIB(ctx context.Context, g GesteDocument, siret opco.SIRET, x opco.SaisieRIB, f FichierDocument) (RIBVu, []opco.Acte, error) {
	var as []opco.Acte
	siren, sorte := siret.SIREN(), g.Par.Role
	acte := acteRIB{Rib: g.Acte, Acte: g.Acte, Fait: "propose", Par: g.Par,
		Empreinte: empreinteMots(string(siret), opco.CleNumero(x.IBAN), opco.CleNumero(x.BIC), strings.TrimSpace(x.Titulaire), f.Empreinte)}
	err := s.transact(ctx, func(tx *sqlx.Tx) error {
		as = nil
		le, err := maintenant(ctx, tx)
		if err != nil {
			return err
		}
		t, err := tenirTitulaire(ctx, tx, siren, sorte)
		if err != nil {
			return err
		}
		if deja, err := ribDeja(ctx, tx, acte); deja || err != nil {
			return err
		}
		r, err := x.Lire(opco.IBAN(t.IBAN))
		if err != nil {
			return err
		}
		r.ID, r.SIREN, r.Sorte, r.Nom, r.ProposePar, r.ProposeLe = g.Acte, siren, sorte, t.Nom, g.Par, le
		if err := reprendreRIB(ctx, tx, siren, sorte, t, le); err != nil {
			return err
		}
		if err := garderFichier(ctx, tx, f); err != nil {
			return err
		}
		if f.DeCote != "" { // its form keeps it no more
			la, err := retirerDeCote(ctx, tx, g.Par.Personne, "", f.DeCote)
			if err != nil {
				return err
			}
			if !la { // purged since it was read: what would prove the account is no longer kept
				return fichierParti()
			}
		}
		if err := ecrireProposition(ctx, tx, r, t, f); err != nil {
			return err
		}
		rang, err := passerRIB(ctx, tx, acte, "", le)
		if err != nil {
			return err
		}
		if err := prevenirTitulaire(ctx, tx, r, t, opco.CourrierRIBPropose, rang, le); err != nil {
			return err
		}
		as, err = relireLots(ctx, tx, siren, sorte, g.Acte)
		return err
	})
	if err != nil {
		return RIBVu{}, nil, err
	}
	v, err := s.RIB(ctx, g.Portee, g.Acte)
	return v, as, err
}

func ecrireProposition(ctx context.Context, tx *sqlx.Tx, r opco.RIB, t lignePartie, f FichierDocument) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO rib (id, siren, sorte, nom, iban, bic, titulaire, preuve, preuve_nom, ancien, contact, etat,
		                 propose_par, propose_pour, propose_nom, propose_le, modifie_le)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16)`,
		r.ID, r.SIREN, r.Sorte, r.Nom, r.IBAN, r.BIC, r.Titulaire, f.Empreinte, f.Nom, t.IBAN, t.Email, r.Etat,
		r.ProposePar.Personne, r.ProposePar.Pour, r.ProposePar.Nom, r.ProposeLe)
	switch contrainte(err) {
	case "rib_en_cours":
		return opco.Errorf(opco.Conflict, "Un changement de RIB est déjà en cours pour vous : attendez sa fin, ou appelez-nous.").AvecCode("RIB_EN_COURS")
	case "rib_pkey":
		return acteReutilise()
	}
	if err != nil {
		return fmt.Errorf("writing RIB %s: %w", r.ID, err)
	}
	return nil
}

// GesteDeRIB is what a member of the staff does to a RIB. Acte is its id: sent twice,
// it is done once.
type GesteDeRIB struct {
	Acte   string
	Geste  opco.GesteRIB
	Raison string
	Par    opco.Acteur
}

// AgirSurRIB does a gesture to a RIB and returns the actes that it caused, for their
// procedures. The refusals are those of opco.
func (s *Store) AgirSurRIB(ctx context.Context, id string, g GesteDeRIB) ([]opco.Acte, error) {
	var as []opco.Acte
	acte := acteRIB{Rib: id, Acte: g.Acte, Fait: string(g.Geste), Par: g.Par, Empreinte: empreinteMots(strings.TrimSpace(g.Raison))}
	err := s.transact(ctx, func(tx *sqlx.Tx) error {
		as = nil
		le, err := maintenant(ctx, tx)
		if err != nil {
			return err
		}
		l, err := verrouillerRIB(ctx, tx, id)
		if err != nil {
			return err
		}
		if deja, err := ribDeja(ctx, tx, acte); deja || err != nil {
			return err
		}
		if l.du(le) {
			if err := mettreEnService(ctx, tx, l, le); err != nil {
				return err
			}
			if l, err = verrouillerRIB(ctx, tx, id); err != nil {
				return err
			}
		}
		f, err := faitsRIB(ctx, tx, l, g.Par, le)
		if err != nil {
			return err
		}
		r := l.rib()
		if err := r.Agir(g.Geste, g.Par, g.Raison, f); err != nil {
			return err
		}
		if err := ecrireRIB(ctx, tx, r, le); err != nil {
			return err
		}
		rang, err := passerRIB(ctx, tx, acte, strings.TrimSpace(g.Raison), le)
		if err != nil {
			return err
		}
		as, err = suitesRIB(ctx, tx, l, r, g, rang, le)
		return err
	})
	return as, err
}

// suitesRIB tells the holder what it must know, and the lots what a freeze changes.
func suitesRIB(ctx context.Context, tx *sqlx.Tx, l ligneRIB, r opco.RIB, g GesteDeRIB, rang int64, le time.Time) ([]opco.Acte, error) {
	t := lignePartie{Nom: l.Nom, Email: l.Contact, IBAN: string(l.Ancien)}
	switch g.Geste {
	case opco.GesteRefuser:
		return nil, prevenirTitulaire(ctx, tx, r, t, opco.CourrierRIBRefuse, rang, le)
	case opco.GesteGeler:
		t, err := tenirTitulaire(ctx, tx, r.SIREN, r.Sorte)
		if err != nil {
			return nil, err
		}
		if err := prevenirTitulaire(ctx, tx, r, t, opco.CourrierRIBGele, rang, le); err != nil {
			return nil, err
		}
		return relireLots(ctx, tx, r.SIREN, r.Sorte, g.Acte)
	}
	return nil, nil
}

// faitsRIB reads what the rules need to judge who acts on a RIB.
func faitsRIB(ctx context.Context, tx *sqlx.Tx, l ligneRIB, par opco.Acteur, le time.Time) (opco.FaitsRIB, error) {
	f := opco.FaitsRIB{Le: le}
	var err error
	if f.Parametres, err = parametres(ctx, tx, opco.JourDe(le)); err != nil {
		return f, err
	}
	if f.Liens, err = liensDe(ctx, tx, par); err != nil {
		return f, err
	}
	err = tx.SelectContext(ctx, &f.Signataires, `
		SELECT DISTINCT g.personne FROM reglement r JOIN dossier d ON d.id = r.dossier JOIN lot_signature g ON g.lot = r.lot
		WHERE left(r.beneficiaire, 9) = $1 AND `+sorteDuPaye+` = $2
		  AND (r.etat IN ('PROPOSE', 'VALIDE', 'EMIS', 'ACCEPTE_BANQUE') OR $3 AND r.etat IN ('REJETE_BANQUE', 'RETOURNE') AND r.iban = $4)`,
		l.SIREN, l.Sorte, l.Etat == opco.RIBGele, l.IBAN)
	if err != nil {
		return f, fmt.Errorf("reading who pays %s: %w", l.SIREN, err)
	}
	return f, nil
}

// ecrireRIB writes the RIB as a gesture left it.
func ecrireRIB(ctx context.Context, tx *sqlx.Tx, r opco.RIB, le time.Time) error {
	var vu, valide, actif, leve, rendu *time.Time
	for _, x := range []struct {
		de   time.Time
		vers **time.Time
	}{{r.VuLe, &vu}, {r.ValideLe, &valide}, {r.ActifLe, &actif}, {r.LeveLe, &leve}, {r.RenduLe, &rendu}} {
		if !x.de.IsZero() {
			*x.vers = &x.de
		}
	}
	_, err := tx.ExecContext(ctx, `
		UPDATE rib SET etat = $2, motif = $3, raison = $4, vu_par = $5, vu_pour = $6, vu_nom = $7, vu_le = $8,
		    valide_par = $9, valide_pour = $10, valide_nom = $11, valide_le = $12, actif_le = $13, modifie_le = $14,
		    leve_par = $15, leve_pour = $16, leve_nom = $17, leve_le = $18, rendu_par = $19, rendu_pour = $20, rendu_nom = $21, rendu_le = $22
		WHERE id = $1`, r.ID, r.Etat, r.Motif, r.Raison, r.VuPar.Personne, r.VuPar.Pour, r.VuPar.Nom, vu,
		r.ValidePar.Personne, r.ValidePar.Pour, r.ValidePar.Nom, valide, actif, le,
		r.LevePar.Personne, r.LevePar.Pour, r.LevePar.Nom, leve, r.RenduPar.Personne, r.RenduPar.Pour, r.RenduPar.Nom, rendu)
	if err != nil {
		return fmt.Errorf("writing RIB %s: %w", r.ID, err)
	}
	return nil
}

// prevenirTitulaire writes to the contact that was on file before. A RIB that
// replaces nothing is told too: whoever reads that address knows what was asked.
func prevenirTitulaire(ctx context.Context, tx *sqlx.Tx, r opco.RIB, t lignePartie, ev opco.Evenement, rang int64, le time.Time) error {
	par, err := parametres(ctx, tx, opco.JourDe(le))
	if err != nil {
		return err
	}
	env := opco.Envoi{ID: fmt.Sprintf("rib-%s-%d-%s", r.ID, rang, ev), Courrier: opco.Courrier{Evenement: ev, Pour: r.Sorte},
		Destinataire: r.Nom, Courriel: opco.Email(t.Email), Le: le, Effet: opco.JourDe(le), Parametres: par,
		RIB: &opco.RIBChange{Nouveau: r.IBAN.Masque(), Par: r.ProposePar.Nom, Raison: r.Raison, ActifLe: r.ActifLe}}
	if t.IBAN != "" && opco.IBAN(t.IBAN) != r.IBAN {
		env.RIB.Ancien = opco.IBAN(t.IBAN).Masque()
	}
	if err := poster(ctx, tx, "rib/"+r.ID, rang, "", env); err != nil {
		return err
	}
	return notifier(ctx, tx, "courrier", r.ID)
}

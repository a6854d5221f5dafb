package api

import (
	"context"

	"guichet/opco"
	"guichet/store"
)

// FicheEntreprise is a company as a conseiller reads it: what its envelopes hold, its
// newest dossiers, who acts for it.
type FicheEntreprise struct {
	SIREN      opco.SIREN
	Nom        string
	Enveloppes []store.LigneEnveloppe
	Dossiers   []store.LigneDossier
	Gens       []store.Collegue
}

const dossiersFiche = 20 // of a card: the list of dossiers shows the others

// FicheEntreprise reads the card of a company: for the pages. A company of which the
// house knows nothing is NotFound.
func (s *Server) FicheEntreprise(ctx context.Context, brut string) (FicheEntreprise, error) {
	siren, err := opco.ParseSIREN(brut)
	if err != nil {
		return FicheEntreprise{}, opco.Errorf(opco.NotFound, "Cette entreprise n’existe pas, ou vous n’y avez pas accès.")
	}
	p, f := qui(ctx).Portee(), FicheEntreprise{SIREN: siren}
	es, err := s.Store.Enveloppes(ctx, p, store.FiltreEnveloppes{SIREN: string(siren), Limite: 50})
	if err != nil {
		return f, err
	}
	ds, err := s.Store.Dossiers(ctx, p, store.Filtre{Texte: string(siren), Limite: dossiersFiche})
	if err != nil {
		return f, err
	}
	if f.Gens, err = s.Store.ColleguesDesEntreprises(ctx, []opco.SIREN{siren}); err != nil {
		return f, err
	}
	f.Enveloppes = es.Enveloppes
	for _, d := range ds.Dossiers {
		if opco.SIRET(d.Etablissement).SIREN() == siren {
			f.Dossiers, f.Nom = append(f.Dossiers, d), d.Entreprise
		}
	}
	for _, e := range f.Enveloppes {
		f.Nom = e.Nom
	}
	if len(f.Enveloppes)+len(f.Dossiers)+len(f.Gens) == 0 {
		return f, opco.Errorf(opco.NotFound, "Cette entreprise n’existe pas, ou vous n’y avez pas accès.")
	}
	montrer(ctx, 1)
	return f, nil
}

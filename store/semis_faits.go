package store

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"guichet/opco"
)

// faits are what the rules need, as Record would read them in the base.
func (x *semeur) faits(ds *dossierSeme, a opco.Acte) (opco.Faits, error) {
	f := opco.Faits{Le: a.Le, Calendrier: x.calendrier, OPCO: x.siretOPCO, Entreprise: ds.ent.Entreprise, Organisme: &ds.of.Organisme}
	var err error
	if f.Parametres, err = x.parametres(opco.JourDe(a.Le)); err != nil {
		return f, err
	}
	switch a.Type {
	case opco.ActeDeposer:
		f.NouveauNumero = fmt.Sprintf("AF%02d-%06d", opco.JourDe(a.Le).Annee()%100, x.compteurs[codeDossier(a.Le)]+1)
	case opco.ActeDecider, opco.ActeValider, opco.ActeRetirerStagiaire:
		x.faitsDecision(ds, &f)
	case opco.ActeFacturer, opco.ActeDeposerAvoir:
		for _, y := range ds.reglements {
			if y.etat != opco.ReglementAPayer {
				f.EnLot = append(f.EnLot, y.r.ID)
			}
		}
	case opco.ActeConstater, opco.ActeCertifier:
		f.Chevauchements = x.chevauchements(ds)
	}
	return f, nil
}

func (x *semeur) faitsDecision(ds *dossierSeme, f *opco.Faits) {
	f.Bareme, _ = opco.ChoisirBareme(x.baremes[ds.d.IDCC], ds.d.IDCC, ds.d.Effectif, ds.d.Demande.Debut)
	f.Fonds = x.fonds(ds, f.Bareme, f.Le)
	f.Chevauchements = x.chevauchements(ds)
	for _, o := range ds.ent.dossiers {
		if memeAction(o, ds) {
			f.Doublons = append(f.Doublons, o.d.Numero)
		}
	}
	slices.Sort(f.Doublons)
}

// fonds are the envelopes of the company for the year of the action, in the order
// in which they pay.
func (x *semeur) fonds(ds *dossierSeme, b *opco.Bareme, le time.Time) []opco.Fonds {
	annee := ds.d.Demande.Debut.Annee()
	v := Enveloppe{SIREN: string(ds.ent.SIREN), Annee: annee, Fonds: FondsMutualise, Ordre: ordreMutualise, Libelle: fmt.Sprintf("Plan mutualisé %d", annee)}
	if b != nil && b.Mutualise && x.enveloppes[v.ID()] == nil {
		x.ouvrirEnveloppe(ds.ent, v, b.Annuel.Montant, le)
	}
	envs := slices.DeleteFunc(slices.Clone(ds.ent.enveloppes), func(e *enveloppeSemee) bool { return e.Annee != annee && e.Annee != 0 })
	slices.SortFunc(envs, func(a, b *enveloppeSemee) int {
		return cmp.Or(cmp.Compare(a.Ordre, b.Ordre), cmp.Compare(a.ID(), b.ID()))
	})
	fs := make([]opco.Fonds, len(envs))
	for i, e := range envs {
		fs[i] = opco.Fonds{Enveloppe: e.ID(), Code: e.Fonds, Disponible: e.disponible}
	}
	return fs
}

// vivante reports whether a dossier counts against another one.
func (ds *dossierSeme) vivante() bool {
	switch ds.d.Etat {
	case opco.EtatNouveau, opco.EtatBrouillon, opco.EtatSupprime, opco.EtatRefusee, opco.EtatSansSuite, opco.EtatAnnulee:
		return false
	}
	return true
}

// chevauchements finds the stagiaires of ds trained elsewhere at the same time.
func (x *semeur) chevauchements(ds *dossierSeme) []opco.Chevauchement {
	var cs []opco.Chevauchement
	for _, s := range ds.d.Demande.Presents() {
		for _, o := range ds.ent.dossiers {
			q := o.d.Demande
			if o == ds || !o.vivante() || q.Debut > ds.d.Demande.Fin || ds.d.Demande.Debut > q.Fin || !o.forme(s) {
				continue
			}
			cs = append(cs, opco.Chevauchement{Stagiaire: s.ID, Dossier: o.d.Numero, Du: q.Debut, Au: q.Fin})
		}
	}
	slices.SortFunc(cs, func(a, b opco.Chevauchement) int {
		return cmp.Or(cmp.Compare(a.Stagiaire, b.Stagiaire), cmp.Compare(a.Dossier, b.Dossier))
	})
	return cs
}

func (ds *dossierSeme) forme(s opco.Stagiaire) bool {
	cle := opco.CleNom(s.Prenom + " " + s.Nom)
	return slices.ContainsFunc(ds.d.Demande.Presents(), func(y opco.Stagiaire) bool {
		return opco.CleNom(y.Prenom+" "+y.Nom) == cle && (y.NeLe == "" || s.NeLe == "" || y.NeLe == s.NeLe)
	})
}

// memeAction reports whether o, still alive, asks for the same as ds.
func memeAction(o, ds *dossierSeme) bool {
	a, b := o.d.Demande, ds.d.Demande
	return o != ds && o.vivante() && a.Organisme.SIRET == b.Organisme.SIRET && a.Intitule == b.Intitule && a.Debut == b.Debut && a.Fin == b.Fin &&
		slices.ContainsFunc(b.Presents(), o.forme)
}

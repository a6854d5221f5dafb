package store

import (
	"encoding/json"

	"github.com/lib/pq"

	"guichet/opco"
)

func (x *semeur) projeterOrganisations() {
	c := &x.copies
	for _, e := range x.entreprises {
		c.entreprise.ajouter(string(e.SIREN), e.Nom, e.IDCC, e.Effectif, e.CodeAdherent, int64(e.MasseSalariale), e.Adherente, e.AJour, e.AlsaceMoselle,
			string(e.IBAN), e.Email)
		c.etablissement.ajouter(string(e.Sites[0]), string(e.SIREN), e.Nom, adresseSemee, e.ville[0], e.ville[1])
	}
	for _, o := range x.organismes {
		c.organisme.ajouter(string(o.SIREN), o.Nom, string(o.NDA), o.NDAActive, o.TVA, o.Suspendu, o.SubrogationAutorisee, string(o.IBAN), o.Email)
		c.etablissement.ajouter(string(o.Sites[0]), string(o.SIREN), o.Nom, adresseSemee, o.ville[0], o.ville[1])
		for _, q := range o.Qualiopi {
			c.qualiopi.ajouter(string(o.SIREN), string(q.Nature), nul(q.Du), nul(q.Au))
		}
	}
}

// projeter writes the rows of a dossier as it now stands.
func (x *semeur) projeter(ds *dossierSeme) error {
	d, r := ds.d, ds.d.Resume()
	resume, err := json.Marshal(r)
	if err != nil {
		return err
	}
	contenu, err := json.Marshal(d)
	if err != nil {
		return err
	}
	n := noms{entreprise: ds.ent.Nom, organisme: d.Demande.Organisme.Nom}
	q := d.Demande
	attend, avant := d.AttenduDehors()
	_, paye := d.Beneficiaire()
	x.copies.dossier.ajouter(d.ID, d.Numero, string(d.Etat), d.Rang, string(q.Etablissement), string(q.Etablissement.SIREN()), string(q.Organisme.SIRET),
		n.entreprise, n.organisme, d.IDCC, q.Intitule, nul(q.Debut), nul(q.Fin), nulInstant(d.DeposeLe), int64(r.Demande), int64(r.Accorde), int64(r.Engage),
		int64(r.Accepte), int64(r.Paye), d.InstruitPar.Personne, d.InstruitPar.Nom, nul(limiteDecision(d)), premiere(d.Echeances), string(resume),
		string(contenu), recherche(d, n), d.CreeLe, ds.modifie, string(attend), nul(avant), string(paye))
	for _, s := range q.Presents() {
		x.copies.stagiaire.ajouter(d.ID, s.ID, s.Nom, s.Prenom, nul(s.NeLe), opco.CleNom(s.Prenom+" "+s.Nom), nul(q.Debut), nul(q.Fin))
	}
	for _, p := range d.Pieces {
		x.copies.piece.ajouter(p.ID, d.ID, string(p.Type), p.Titre, p.Titre+".pdf", p.Empreinte, string(p.Etat), string(p.Motif), ds.ent.acteur.Personne,
			ds.ent.acteur.Nom, string(ds.ent.acteur.Role), p.DeposeLe)
	}
	for _, f := range d.Factures {
		x.copies.facture.ajouter(f.ID, d.ID, f.Numero, string(f.Emetteur), string(f.Etat), string(f.Motif), f.Phrase, int64(f.TotalHT), int64(f.Approuve),
			int64(f.NonApprouve), nul(f.RecueLe), nul(f.EcheanceLe))
		for _, s := range f.SuiteStatuts("", 0, d.PayeDe(f.ID), 0, ds.modifie) {
			x.copies.statut.ajouter(s.Facture, s.Rang, s.Code, string(s.Etat), string(s.Motif), s.Phrase, int64(s.Approuve), int64(s.NonApprouve), int64(s.Paye), s.Le)
		}
	}
	for _, y := range ds.reglements {
		if err := x.projeterReglement(y); err != nil {
			return err
		}
	}
	return nil
}

func (x *semeur) projeterReglement(y *reglementSeme) error {
	parts, err := json.Marshal(y.r.Parts)
	if err != nil {
		return err
	}
	var precedent, lot any
	if y.r.Precedent != "" {
		precedent = y.r.Precedent
	}
	if y.lot != "" {
		lot = y.lot
	}
	x.copies.reglement.ajouter(y.r.ID, y.r.Numero, y.ds.d.ID, y.r.Facture, y.r.Rang, precedent, int64(y.r.Montant), string(parts), string(y.r.Beneficiaire),
		y.nom, string(y.iban), string(y.r.Echeance), string(y.etat), lot, y.e2e, y.motif, nul(y.executee), pq.Array(y.instruit), y.modifie)
	return nil
}

// projeterLot writes the row of a lot as it now stands.
func (x *semeur) projeterLot(v *lotSeme) error {
	l := v.l
	contenu, err := json.Marshal(l.EnTete())
	if err != nil {
		return err
	}
	resume, err := json.Marshal(l.Resume())
	if err != nil {
		return err
	}
	for _, g := range l.Lignes {
		ligne, err := json.Marshal(g)
		if err != nil {
			return err
		}
		x.copies.ligneLot.ajouter(l.ID, g.Reglement, g.Numero, g.Virement, g.EndToEndID, string(g.Etat), int64(g.Montant), string(ligne))
	}
	x.copies.lot.ajouter(l.ID, string(l.Etat), l.Rang, string(l.Execution), l.Groupe, len(l.Lignes), int64(l.Somme()), string(contenu), string(resume),
		premiere(l.Echeances), l.Createurs[0].Personne, l.ValidePar.Personne, l.ID, l.Fichier, l.CreeLe, nulInstant(l.EmisLe), l.Troisieme)
	for _, s := range signatures(l) {
		x.copies.signature.ajouter(l.ID, s.Personne, s.Sens, string(s.Role), s.Numero)
	}
	return nil
}

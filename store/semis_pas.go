package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"guichet/opco"
)

// dossierSeme is a dossier of the set while it lives.
type dossierSeme struct {
	d          *opco.Dossier
	ent        *entrepriseSemee
	of         *organismeSeme
	profil     profil
	seq        int64
	empreinte  string // of the last line of the journal
	modifie    time.Time
	reglements []*reglementSeme
	attente    int      // number of the acte awaited: an older plan is void
	juges      []string // persons who judged it
}

// reglementSeme is a row of table reglement.
type reglementSeme struct {
	ds       *dossierSeme
	r        opco.Reglement
	nom      string
	iban     opco.IBAN
	etat     opco.EtatReglement
	lot      string
	e2e      string
	motif    string
	executee opco.Date
	instruit []string
	modifie  time.Time
}

// recevoir lets someone do something to a dossier at le: the acte enters the
// inbox and is applied, or refused, at once.
func (x *semeur) recevoir(ds *dossierSeme, t opco.TypeActe, par opco.Acteur, le time.Time, charge any) error {
	return x.recevoirSous(x.id(), ds, t, par, le, charge)
}

func (x *semeur) recevoirSous(id string, ds *dossierSeme, t opco.TypeActe, par opco.Acteur, le time.Time, charge any) error {
	b, err := enCharge(charge)
	if err != nil {
		return err
	}
	ds.seq++
	a := opco.Acte{ID: id, Objet: opco.ObjetDossier(ds.d.ID), Seq: ds.seq, Type: t, Par: par, Le: le, Charge: b}
	p, err := x.appliquer(ds, a, nil)
	if err != nil {
		return err
	}
	x.noterActe(a, p)
	return nil
}

func enCharge(charge any) ([]byte, error) {
	if charge == nil {
		return []byte("{}"), nil
	}
	return json.Marshal(charge)
}

func (x *semeur) noterActe(a opco.Acte, p opco.Passage) {
	if p.Verdict == opco.VerdictRefuse {
		x.refus++
	}
	x.copies.acte.ajouter(a.ID, a.Objet, a.Seq, string(a.Type), a.Par.Personne, a.Par.Nom, string(a.Par.Role), a.Par.SIRET, string(a.Charge),
		empreinteActe(a), string(p.Verdict), p.Motif, p.Phrase, a.Le, a.Le)
}

// echoir lets an échéance of a dossier come.
func (x *semeur) echoir(ds *dossierSeme, e opco.Echeance) error {
	a := opco.Acte{Objet: opco.ObjetDossier(ds.d.ID), Type: e.Type, Par: opco.ActeurSysteme(), Le: e.Le}
	_, err := x.appliquer(ds, a, &e)
	return err
}

// appliquer is the step that Record performs, on the set instead of the base.
func (x *semeur) appliquer(ds *dossierSeme, a opco.Acte, ech *opco.Echeance) (opco.Passage, error) {
	d := ds.d
	avant, err := json.Marshal(d)
	if err != nil {
		return opco.Passage{}, fmt.Errorf("copying a dossier: %w", err)
	}
	f, err := x.faits(ds, a)
	if err != nil {
		return opco.Passage{}, err
	}
	p := opco.Passage{Dossier: d.ID, Rang: d.Rang + 1, ActeID: a.ID, Type: a.Type, De: d.Etat, Par: a.Par, Le: a.Le,
		Effet: opco.JourDe(a.Le), Verdict: opco.VerdictApplique}
	code := ""
	if ech != nil {
		p.Effet, code = ech.Effet, ech.Code
	}
	effets, err := d.Appliquer(a, ech, f)
	var refus *opco.Error
	if errors.As(err, &refus) {
		if d, err = annulerPas(avant, ech); err != nil {
			return p, err
		}
		p.Verdict, effets = opco.VerdictRefuse, opco.Effets{Motif: refus.Code, Phrase: refus.Message}
	}
	if err != nil {
		return p, err
	}
	d.Rang, ds.d, ds.modifie = p.Rang, d, a.Le
	p.Vers, p.Code, p.Motif, p.Phrase = d.Etat, effets.Code, effets.Motif, effets.Phrase
	if err := x.inscrire(ds, &p, effets, code, f.Parametres); err != nil {
		return p, err
	}
	x.tenirEcheance(ds)
	x.poursuivre(ds, p)
	return p, nil
}

// inscrire keeps a step: numbers, journal, payments, ledger and outbox.
func (x *semeur) inscrire(ds *dossierSeme, p *opco.Passage, e opco.Effets, code string, par opco.Parametres) error {
	d, applique := ds.d, p.Verdict == opco.VerdictApplique
	if applique {
		x.numeroter(d, p)
	}
	p.Resume = d.Resume()
	var err error
	if ds.empreinte, err = x.noterPassage(opco.ObjetDossier(d.ID), code, ds.empreinte, *p); err != nil || !applique {
		return err
	}
	if p.Par.Role.Juge() && !slices.Contains(ds.juges, p.Par.Personne) {
		ds.juges = append(ds.juges, p.Par.Personne)
	}
	x.suivreReglements(ds, p.Le)
	for i, m := range e.Mouvements {
		x.mouvoir(fmt.Sprintf("%s/%d/%d", opco.ObjetDossier(d.ID), p.Rang, i+1), opco.ObjetDossier(d.ID), &d.ID, p.Rang, p.Le, m)
	}
	return x.poster(ds, *p, e, par)
}

// numeroter gives the numbers that the counters of the house would.
func (x *semeur) numeroter(d *opco.Dossier, p *opco.Passage) {
	if p.Type == opco.ActeDeposer && p.Vers != opco.EtatBrouillon {
		x.compteurs[codeDossier(p.Le)]++
	}
	annee := opco.JourDe(p.Le).Annee()
	for i := range d.Reglements {
		if r := &d.Reglements[i]; r.Numero == "" {
			c := fmt.Sprintf("reglement:%d", annee)
			x.compteurs[c]++
			r.Numero = fmt.Sprintf("R%02d-%06d", annee%100, x.compteurs[c])
		}
	}
}

func (x *semeur) noterPassage(objet, code, precedente string, p opco.Passage) (string, error) {
	resume, err := json.Marshal(p.Resume)
	if err != nil {
		return "", err
	}
	e := Empreinte(objet, precedente, p, resume)
	var acte any
	if p.ActeID != "" {
		acte = p.ActeID
	}
	x.copies.passage.ajouter(objet, p.Rang, acte, string(p.Type), p.Code, code, string(p.De), string(p.Vers), string(p.Verdict), p.Motif, p.Phrase,
		p.Par.Personne, p.Par.Nom, string(p.Par.Role), p.Le, string(p.Effet), string(resume), precedente, e)
	return e, nil
}

// suivreReglements makes the règlements that the step decided, with the account
// of their payee, and follows those that it cancelled.
func (x *semeur) suivreReglements(ds *dossierSeme, le time.Time) {
	for _, r := range ds.d.Reglements {
		i := slices.IndexFunc(ds.reglements, func(y *reglementSeme) bool { return y.r.ID == r.ID })
		if i >= 0 && r.Etat == opco.ReglementAnnule && ds.reglements[i].etat == opco.ReglementAPayer {
			ds.reglements[i].etat, ds.reglements[i].modifie = opco.ReglementAnnule, le
		}
		if i >= 0 || r.Etat != opco.ReglementAPayer {
			continue
		}
		y := &reglementSeme{ds: ds, r: r, nom: ds.ent.Nom, iban: ds.ent.IBAN, etat: r.Etat, e2e: r.Numero, instruit: slices.Clone(ds.juges), modifie: le}
		if _, role := ds.d.Beneficiaire(); role == opco.RoleOrganisme {
			y.nom, y.iban = ds.of.Nom, ds.of.IBAN
		}
		ds.reglements = append(ds.reglements, y)
		x.aPayer = append(x.aPayer, y)
	}
}

// mouvoir posts a mouvement and keeps what is left on its envelope.
func (x *semeur) mouvoir(cle, objet string, dossier *string, rang int64, le time.Time, m opco.Mouvement) {
	de, vers := m.Type.Comptes()
	env := x.enveloppes[m.Enveloppe]
	var dos any
	if dossier != nil {
		dos = *dossier
	}
	for _, l := range []struct {
		compte  opco.CompteLivre
		montant opco.Montant
	}{{de, -m.Montant}, {vers, m.Montant}} {
		if l.compte == opco.LivreEnveloppe {
			env.disponible += l.montant
		}
		x.copies.ecriture.ajouter(cle, string(m.Type), string(l.compte), m.Enveloppe, dos, m.Reglement, int64(l.montant), objet, rang, le)
	}
}

// poster puts in the outbox what the step tells, noted as sent: nobody receives
// the mails of a volume set.
func (x *semeur) poster(ds *dossierSeme, p opco.Passage, e opco.Effets, par opco.Parametres) error {
	modele := opco.Envoi{Dossier: *ds.d, Par: p.Par, Le: p.Le, Effet: p.Effet, Parametres: par, Entreprise: ds.ent.Nom}
	for _, m := range e.Mouvements {
		if m.Type == opco.MouvementDegagement {
			modele.Libere += m.Montant
		}
	}
	for _, c := range e.Courriers {
		env, detail := modele, c.Facture+c.Reglement
		env.ID = fmt.Sprintf("%s-%d-%s-%s", ds.d.ID, p.Rang, c.Evenement, c.Pour)
		if detail != "" {
			env.ID += "-" + detail
		}
		env.Courrier, env.Destinataire, env.Courriel, env.IBAN = c, ds.ent.Nom, opco.Email(ds.ent.Email), ds.ent.IBAN
		env.Adresse = []string{adresseSemee, strings.Join(ds.ent.ville[:], " ")}
		if c.Pour == opco.RoleOrganisme {
			env.Destinataire, env.Courriel, env.IBAN = ds.of.Nom, opco.Email(ds.of.Email), ds.of.IBAN
			env.Adresse[1] = strings.Join(ds.of.ville[:], " ")
		}
		if err := x.copies.poster(opco.ObjetDossier(ds.d.ID), p.Rang, detail, env); err != nil {
			return err
		}
	}
	return nil
}

const adresseSemee = "1 rue des Essais"

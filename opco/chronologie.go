package opco

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// EtapeVecue is one stay of an object in one état, with what was done there.
type EtapeVecue struct {
	Etat   Etat
	Depuis time.Time
	Pas    []PasVecu
}

// PasVecu is one line of a journal told to who runs the house: what was done, by which
// role, and what it changed. It names nobody.
type PasVecu struct {
	Rang        int64
	Le          time.Time
	Acte        string // in words
	Code        string
	Role        Role
	Refuse      bool
	De, Vers    Etat
	Motif       string
	Changements []string
}

// Chronologie tells a journal étape by étape: the acte that leaves an étape is its last
// line. ps are in their order.
func Chronologie(ps []Passage) []EtapeVecue {
	var es []EtapeVecue
	var avant Resume
	for _, p := range ps {
		if len(es) == 0 || es[len(es)-1].Etat != p.De {
			es = append(es, EtapeVecue{Etat: p.De, Depuis: p.Le})
		}
		e := &es[len(es)-1]
		pas := PasVecu{Rang: p.Rang, Le: p.Le, Acte: NommerActe(p.Type), Code: p.Code, Role: p.Par.Role, De: p.De, Vers: p.Vers, Motif: p.Motif,
			Refuse: p.Verdict == VerdictRefuse}
		if !pas.Refuse {
			pas.Changements = changements(avant, p.Resume)
			avant = p.Resume
		}
		e.Pas = append(e.Pas, pas)
		if p.Vers != p.De {
			es = append(es, EtapeVecue{Etat: p.Vers, Depuis: p.Le})
		}
	}
	return es
}

// changements says what differs between two states in figures.
func changements(avant, apres Resume) []string {
	var cs []string
	for _, x := range []struct {
		nom    string
		de, en Montant
	}{{"demandé", avant.Demande, apres.Demande}, {"accordé", avant.Accorde, apres.Accorde}, {"engagé", avant.Engage, apres.Engage},
		{"accepté", avant.Accepte, apres.Accepte}, {"payé", avant.Paye, apres.Paye}, {"rejeté", avant.Rejete, apres.Rejete},
		{"retourné", avant.Retourne, apres.Retourne}} {
		if x.de != x.en {
			cs = append(cs, fmt.Sprintf("%s : %s → %s", x.nom, x.de, x.en))
		}
	}
	cs = append(cs, facturesChangees(avant.Factures, apres.Factures)...)
	return append(cs, echeancesChangees(avant.Echeances, apres.Echeances)...)
}

func facturesChangees(avant, apres map[string]EtatFacture) []string {
	var cs []string
	for id, e := range apres {
		switch de, avait := avant[id]; {
		case !avait:
			cs = append(cs, "facture reçue : "+e.String())
		case de != e:
			cs = append(cs, fmt.Sprintf("facture : %s → %s", de, e))
		}
	}
	slices.Sort(cs)
	return cs
}

func echeancesChangees(avant, apres []Echeance) []string {
	var cs []string
	dire := func(verbe string, e Echeance) {
		cs = append(cs, fmt.Sprintf("échéance %s : %s, le %s", verbe, strings.ReplaceAll(e.Code, "_", " "), JourDe(e.Le).Courte()))
	}
	pareille := func(e Echeance) func(Echeance) bool {
		return func(x Echeance) bool { return x.Type == e.Type && x.Code == e.Code && x.Le.Equal(e.Le) }
	}
	for _, e := range avant {
		if !slices.ContainsFunc(apres, pareille(e)) {
			dire("levée", e)
		}
	}
	for _, e := range apres {
		if !slices.ContainsFunc(avant, pareille(e)) {
			dire("posée", e)
		}
	}
	return cs
}

// NomEtat is the label of the état e of an object, of whichever kind.
func NomEtat(objet string, e Etat) string {
	switch {
	case strings.HasPrefix(objet, "lot/"):
		return EtatLot(e).String()
	case strings.HasPrefix(objet, "compte/"):
		return LibelleCompte(e)
	case strings.HasPrefix(objet, "indu/"):
		return EtatIndu(e).String()
	}
	return e.String()
}

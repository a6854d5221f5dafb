package store

import "guichet/opco"

// cycle is the lifecycle that a journal must follow: which edges exist, who may
// take them and which états end a procedure.
type cycle struct {
	passe func(de string, a opco.TypeActe, vers string) bool
	admet func(de string, a opco.TypeActe, r opco.Role) error
	final func(etat string) bool
}

var cycleDossier = cycle{
	passe: func(de string, a opco.TypeActe, vers string) bool {
		_, ok := opco.Passe(opco.Etat(de), a, opco.Etat(vers))
		return ok
	},
	admet: func(de string, a opco.TypeActe, r opco.Role) error { return opco.Etat(de).Admet(a, r) },
	final: func(e string) bool { return opco.Etat(e).Final() },
}

var cycleLot = cycle{
	passe: func(de string, a opco.TypeActe, vers string) bool {
		_, ok := opco.PasseLot(opco.EtatLot(de), a, opco.EtatLot(vers))
		return ok
	},
	admet: func(de string, a opco.TypeActe, r opco.Role) error { return opco.EtatLot(de).Admet(a, r) },
	final: func(e string) bool { return opco.EtatLot(e).Final() },
}

// tenirJournal holds the journal of one object to I13 (edges), I14 (order, roles,
// refusals) and I19 (hash chain).
func (t *tournee) tenirJournal(objet, nom string, ps []lignePassage, c cycle) {
	t.examiner("I13", len(ps))
	t.examiner("I14", len(ps))
	t.examiner("I19", len(ps))
	de, precedente := "", ""
	for i, p := range ps {
		if p.Rang != int64(i+1) {
			t.rompre("I14", objet, "%s : le journal passe du rang %d au rang %d", nom, i, p.Rang)
			return
		}
		if p.De != de {
			t.rompre("I14", objet, "%s, rang %d : part de « %s » alors que le rang précédent mène à « %s »", nom, p.Rang, p.De, de)
		}
		t.tenirPassage(objet, nom, p, c)
		t.tenirEmpreinte(objet, nom, p, precedente)
		de, precedente = p.Vers, p.Empreinte
	}
}

func (t *tournee) tenirPassage(objet, nom string, p lignePassage, c cycle) {
	a := opco.TypeActe(p.Type)
	if p.Verdict == string(opco.VerdictRefuse) {
		if p.De != p.Vers {
			t.rompre("I14", objet, "%s, rang %d : un acte refusé mène de « %s » à « %s »", nom, p.Rang, p.De, p.Vers)
		}
		return
	}
	if !c.passe(p.De, a, p.Vers) {
		t.rompre("I13", objet, "%s, rang %d : « %s » ne mène pas de « %s » à « %s »", nom, p.Rang, p.Type, p.De, p.Vers)
	}
	if err := c.admet(p.De, a, opco.Role(p.Role)); err != nil && opco.KindOf(err) == opco.Forbidden {
		t.rompre("I14", objet, "%s, rang %d : « %s » fait par le rôle « %s »", nom, p.Rang, p.Type, p.Role)
	}
	annule := a == opco.ActeAnnuler || a == opco.ActeAnnulerLot
	if (annule || c.final(p.De) && p.De != p.Vers) && p.Nom == "" && p.Personne == "" {
		t.rompre("I13", objet, "%s, rang %d : « %s » sans auteur", nom, p.Rang, p.Type)
	}
}

func (t *tournee) tenirEmpreinte(objet, nom string, l lignePassage, precedente string) {
	p, err := l.passage()
	if err != nil {
		t.rompre("I19", objet, "%s, rang %d : passage illisible", nom, l.Rang)
		return
	}
	if l.Precedente != precedente || l.Empreinte != Empreinte(objet, precedente, p, l.Resume) {
		t.rompre("I19", objet, "%s, rang %d : l’empreinte ne correspond plus à ce qui est écrit", nom, l.Rang)
	}
}

// tenirDecisions holds a dossier to I18: as many deciding passages as it has
// versions of its décision, numbered from 1.
func (t *tournee) tenirDecisions(x *dossierVerifie) {
	decidants := 0
	for _, p := range x.passages {
		if decide(p) {
			decidants++
		}
	}
	versions := len(x.d.Anciennes)
	for i, a := range x.d.Anciennes {
		if a.Version != i+1 {
			t.rompre("I18", x.objet, "%s : la décision n° %d porte la version %d", x.nom(), i+1, a.Version)
		}
	}
	if x.d.Decision != nil {
		versions++
		if x.d.Decision.Version != versions {
			t.rompre("I18", x.objet, "%s : la décision en vigueur porte la version %d au lieu de %d", x.nom(), x.d.Decision.Version, versions)
		}
	}
	t.examiner("I18", versions)
	if decidants != versions {
		t.rompre("I18", x.objet, "%s : %d passages décident, pour %d versions de la décision", x.nom(), decidants, versions)
	}
}

// decide reports whether a passage took a décision, the first or a new version.
func decide(p lignePassage) bool {
	if p.Verdict != string(opco.VerdictApplique) {
		return false
	}
	switch opco.TypeActe(p.Type) {
	case opco.ActeRetirerStagiaire:
		return true
	case opco.ActeDeposer, opco.ActeRefuserTardif, opco.ActeDecider, opco.ActeValider:
		e := opco.Etat(p.Vers)
		return e == opco.EtatAccordee || e == opco.EtatAccordeePartielle || e == opco.EtatRefusee
	}
	return false
}

package web

import (
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
)

// etapesProposees are the étapes to which one may have a procedure go back: those that the object named
// has been in, the last one first, and then sienne; those of every procedure while none is named.
func (w *Web) etapesProposees(c *gin.Context, dit string) (os []Option, sienne bool) {
	os = []Option{{"", "Choisir une étape"}}
	if dit != "" {
		if noms, err := w.Interieur.EtapesPassees(c, dit); err == nil && len(noms) > 0 {
			for i, nom := range noms {
				texte := majuscule(nom)
				if i == 0 {
					texte += " (la dernière)"
				}
				os = append(os, Option{nom, texte})
			}
			return os, true
		}
	}
	return append(os, etapesToutes()...), false
}

// etapesToutes are the étapes of every kind of procedure, each name once, with the kinds that have it.
func etapesToutes() []Option {
	var os []Option
	for _, genre := range []struct{ objet, nom string }{{"dossier/", "dossier"}, {"lot/", "lot"}, {"compte/", "compte"}, {"indu/", "indu"}} {
		for _, e := range opco.EtapesDe(genre.objet) {
			i := slices.IndexFunc(os, func(o Option) bool { return o.Valeur == e.Nom })
			if i < 0 {
				os = append(os, Option{e.Nom, majuscule(e.Nom) + " (" + genre.nom + ")"})
			} else {
				os[i].Texte = strings.TrimSuffix(os[i].Texte, ")") + ", " + genre.nom + ")"
			}
		}
	}
	return os
}

// aideEtape says which étapes are offered.
func (p NouvelleIntervention) aideEtape() string {
	if p.Sienne {
		return "Celles où son journal montre qu’il est passé."
	}
	return "Ce qui n’y est jamais passé sera écarté à l’essai."
}

// deLaCause adds the title of a cause to a sentence.
func deLaCause(titre string) string {
	if titre == "" {
		return ""
	}
	return " : « " + titre + " »"
}

// objetSaisi is how the field of an intervention names the object of a case: by its number when that is
// enough to find it.
func objetSaisi(k api.Cas) string {
	if k.Nom != "" && (strings.HasPrefix(k.Objet, "dossier/") || strings.HasPrefix(k.Objet, "lot/")) {
		return k.Nom
	}
	return k.Objet
}

// objetDuGeste is what a verb bears on: for a mail, that of the case alone, not all of those of its dossier.
func objetDuGeste(v opco.Verbe, k api.Cas) string {
	if courriel := opco.CourrielDe(k.Activite); v.Cible() == opco.CibleCourriel && courriel != "" {
		return courriel
	}
	return objetSaisi(k)
}

// casDit is what somebody named: by its number, or by its own name.
func casDit(dit string) api.Cas {
	if strings.Contains(dit, "/") {
		return api.Cas{Objet: dit}
	}
	return api.Cas{Nom: dit}
}

// seTraite reports whether something may be done to an object: it has a procedure, or is a counter.
func seTraite(objet string) bool {
	return aUneProcedure(objet) || strings.HasPrefix(objet, opco.GenreCompteur+"/")
}

// aUneProcedure reports whether an object has one.
func aUneProcedure(objet string) bool {
	genre, id, _ := strings.Cut(objet, "/")
	return id != "" && slices.Contains([]string{"dossier", "lot", "compte", "indu"}, genre)
}

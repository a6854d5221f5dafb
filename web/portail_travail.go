package web

import (
	"net/url"

	"github.com/gin-gonic/gin"

	"guichet/opco"
	"guichet/store"
)

// chiffreFile is a figure of the home page that a filter of the queues counts.
type chiffreFile struct {
	etiquette, icone, note string
	filtre                 url.Values
}

// travailDuJour are the figures of the work on dossiers, by role, each leading to the
// list that it counts; none for a role that has no part in it.
func (w *Web) travailDuJour(c *gin.Context, o Occupant) ([]Chiffre, error) {
	switch o.Role {
	case opco.RoleGestionnaire:
		return w.travailInstructeur(c)
	case opco.RoleResponsable:
		return w.travailResponsable(c)
	case opco.RoleComptable:
		return w.travailComptable(c)
	case opco.RoleControleur:
		return w.travailControleur(c)
	}
	return nil, nil
}

func (w *Web) travailInstructeur(c *gin.Context) ([]Chiffre, error) {
	_, jour, err := w.Interieur.ParametresFile(c)
	if err != nil {
		return nil, err
	}
	avec := func(nom, valeur string) url.Values {
		q := filtreFile("", store.PerimetreMien)
		q.Set(nom, valeur)
		return q
	}
	ls, err := w.compterChiffres(c, chiffreFile{"Mes dossiers", "briefcase", "dans votre portefeuille", filtreFile("", store.PerimetreMien)},
		chiffreFile{"À échéance", "alarm-clock", "aujourd’hui, ou en retard", avec("limite_au", string(jour))},
		chiffreFile{"Que je tiens", "user", "pris, pas encore rendus", avec("prise", "mienne")})
	if err != nil {
		return nil, err
	}
	n, err := w.Interieur.CompterMessages(c)
	return append(ls, Chiffre{"Messages", "message-square", nombre(n), "attendent une réponse", "/instruction/messages"}), err
}

func (w *Web) travailResponsable(c *gin.Context) ([]Chiffre, error) {
	retard := filtreFile("", store.PerimetreEquipe)
	retard.Set("retard", "oui")
	ls, err := w.compterChiffres(c, chiffreFile{"Second regard", "eye", "propositions à valider", filtreFile(store.FileValidation, store.PerimetreEquipe)},
		chiffreFile{"Toute l’équipe", "users", "dossiers ouverts", filtreFile("", store.PerimetreEquipe)},
		chiffreFile{"En retard", "alarm-clock", "dans l’équipe", retard})
	if err != nil {
		return nil, err
	}
	k, err := w.Interieur.CompterComptabilite(c)
	return append(ls, Chiffre{"Lots à valider", "layers", nombre(int(k.AValider.Nombre)), k.AValider.Somme.String(), "/comptabilite/lots"}), err
}

func (w *Web) travailComptable(c *gin.Context) ([]Chiffre, error) {
	k, err := w.Interieur.CompterComptabilite(c)
	if err != nil {
		return nil, err
	}
	chiffre := func(etiquette, icone string, t store.Total, url string) Chiffre {
		return Chiffre{etiquette, icone, nombre(int(t.Nombre)), t.Somme.String(), url}
	}
	return []Chiffre{chiffre("À payer", "wallet", k.APayer, "/comptabilite/factures"), chiffre("Lots à valider", "layers", k.AValider, "/comptabilite/lots"),
		chiffre("Rejets à traiter", "octagon-x", k.Rejets, "/comptabilite/rejets"), chiffre("Retours à rapprocher", "undo-2", k.Quarantaine, "/comptabilite/retours")}, nil
}

func (w *Web) travailControleur(c *gin.Context) ([]Chiffre, error) {
	k, err := w.Interieur.CompterLesSignalements(c)
	if err != nil {
		return nil, err
	}
	revues := "aucune revue demain"
	if k.Demain > 0 {
		revues = combien(int(k.Demain), "revue") + " demain"
	}
	return []Chiffre{{"À examiner", "eye", nombre(int(k.Ouverts)), "du plus gros enjeu au plus petit", adresseControle},
		{"Suspendus", "pause", nombre(int(k.Retenus)), revues, adresseControle + "?vue=suspendus"},
		{"À revoir", "alarm-clock", nombre(int(k.ARevoir)), nombre(int(k.EnRetard)) + " en retard", adresseControle + "?vue=a-revoir"}}, nil
}

// compterChiffres counts each figure.
func (w *Web) compterChiffres(c *gin.Context, cs ...chiffreFile) ([]Chiffre, error) {
	var ls []Chiffre
	for _, x := range cs {
		n, err := w.compterFiltre(c, x.filtre)
		if err != nil {
			return nil, err
		}
		ls = append(ls, Chiffre{x.etiquette, x.icone, nombre(int(n)), x.note, adresseFiltre(x.filtre)})
	}
	return ls, nil
}

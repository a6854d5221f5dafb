package web

import (
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// CompteMien is the page of one's own account (MA-70, MA-72).
type CompteMien struct {
	Piece
	MonCompte
	Blocs      []BlocProfil
	Questions  []Question
	Delegues   []store.LigneDelegation
	Organisme  bool // the account of an organisation's person
	Redemandes bool // a right may be asked again
}

// BlocProfil is a box of the account, Adhérent or OF: its entities with the rights
// asked for on each (MA-72).
type BlocProfil struct {
	Profil  opco.Role
	Entites []EntiteDroits
}

// EntiteDroits is an établissement of the account with its rights.
type EntiteDroits struct {
	Nom    string // « NOM (SIRET) »
	Droits []DroitVu
}

// DroitVu is one right as its holder reads it.
type DroitVu struct {
	ID, Service, Suite, Detail string
	Etat                       opco.EtatHabilitation
	Ouvert                     bool
	Redemandable               bool
}

// Question is what an adviser asks about some rights, until Limite.
type Question struct {
	Droits   []string // ids
	Noms     []string
	Question string
	Limite   opco.Date
}

// nomComplet is « Prénom Nom », or the e-mail of somebody who gave no name.
func (m MonCompte) nomComplet() string {
	if n := strings.TrimSpace(m.Identite.Prenom + " " + m.Identite.Nom); n != "" {
		return n
	}
	if m.Identite.Email != "" {
		return m.Identite.Email
	}
	return "Compte effacé"
}

// blocs gathers the rights of the account by profile, then by établissement.
func (m MonCompte) blocs() []BlocProfil {
	var bs []BlocProfil
	for _, profil := range []opco.Role{opco.RoleEntreprise, opco.RoleOrganisme} {
		b := BlocProfil{Profil: profil}
		for _, d := range m.Droits {
			if d.Profil == profil {
				b.ajouter(d)
			}
		}
		bs = append(bs, b)
	}
	return bs
}

func (b *BlocProfil) ajouter(d api.DroitLu) {
	nom := entite(d.Entite, d.Siret)
	i := slices.IndexFunc(b.Entites, func(e EntiteDroits) bool { return e.Nom == nom })
	if i < 0 {
		b.Entites = append(b.Entites, EntiteDroits{Nom: nom})
		i = len(b.Entites) - 1
	}
	b.Entites[i].Droits = append(b.Entites[i].Droits, droitVu(d))
}

// droitVu says one right to who reads the account.
func droitVu(d api.DroitLu) DroitVu {
	v := DroitVu{ID: d.Id, Service: d.Libelle, Etat: d.Etat, Suite: d.Ensuite, Ouvert: d.Ouvert, Redemandable: redemandable(d)}
	if d.Phrase != "" && d.Etat != opco.HabPrecision {
		v.Detail = d.Phrase
	}
	if d.Mandat {
		v.Service += " (mandat)"
	}
	if d.Auto {
		v.Detail = strings.TrimSpace(v.Detail + " Accordé par une règle automatique.")
	}
	return v
}

// redemandable reports whether the holder may ask for the right again.
func redemandable(d api.DroitLu) bool {
	return (d.Etat == opco.HabRefusee || d.Etat == opco.HabRetiree || d.Etat == opco.HabSuspendue) && !d.Mandat
}

// droitDit names a right and its établissement.
func droitDit(d api.DroitLu) string { return d.Libelle + ", " + entite(d.Entite, d.Siret) }

// questions gathers the rights about which an adviser asks the same thing.
func (m MonCompte) questions() []Question {
	var qs []Question
	for _, d := range m.Droits {
		if d.Etat != opco.HabPrecision {
			continue
		}
		i := slices.IndexFunc(qs, func(q Question) bool { return q.Question == d.Phrase && q.Limite == d.Limite })
		if i < 0 {
			qs = append(qs, Question{Question: d.Phrase, Limite: d.Limite})
			i = len(qs) - 1
		}
		qs[i].Droits = append(qs[i].Droits, d.Id)
		qs[i].Noms = append(qs[i].Noms, droitDit(d))
	}
	return qs
}

// getCompte answers GET /compte.
func (w *Web) getCompte(c *gin.Context) { w.montrerCompte(c, http.StatusOK, Formulaire{}) }

func (w *Web) montrerCompte(c *gin.Context, statut int, f Formulaire) {
	o := w.Interieur.Occupant(c)
	m, err := w.Interieur.MonCompte(c)
	if err != nil {
		w.echouer(c, err)
		return
	}
	p := compteMien(w.piece(c, "Mon compte", "/compte"), m, o.Interne)
	if o.Interne && o.Role != "" {
		if p.Delegues, err = w.Interieur.Delegations(c); err != nil {
			w.echouer(c, err)
			return
		}
	}
	p.Formulaire = f
	w.rendre(c, statut, PageCompte(p))
}

func compteMien(piece Piece, m MonCompte, interne bool) CompteMien {
	p := CompteMien{Piece: piece, MonCompte: m, Organisme: !interne, Questions: m.questions()}
	if !interne {
		p.Blocs = m.blocs()
	}
	for _, b := range p.Blocs {
		for _, e := range b.Entites {
			p.Redemandes = p.Redemandes || slices.ContainsFunc(e.Droits, func(d DroitVu) bool { return d.Redemandable })
		}
	}
	return p
}

// postPrecision answers POST /compte/precisions: the answer to an adviser (C10).
func (w *Web) postPrecision(c *gin.Context) {
	f, ok := w.formulaire(c, "droit", "reponse")
	if !ok {
		return
	}
	l := lecteur{Formulaire: f}
	l.exiger("reponse", strings.TrimSpace(f.Valeur("reponse")) != "", "Écrivez votre réponse au conseiller.")
	montrer := func(statut int, f Formulaire) { w.montrerCompte(c, statut, f) }
	if len(l.fautes) > 0 {
		reprendrePage(l, montrer)
		return
	}
	v, err := w.Interieur.RepondrePrecision(c, acteDuFormulaire(c), opco.ChargeReponse{Habilitations: c.PostFormArray("droit"), Reponse: f.Valeur("reponse")})
	if err != nil {
		w.montrerRefus(c, f, err, nil, montrer)
		return
	}
	w.fait(c, v, "reponse-envoyee", "/compte")
}

// postRedemande answers POST /compte/reprises: a right refused, withdrawn or
// suspended is asked for again.
func (w *Web) postRedemande(c *gin.Context) {
	f, ok := w.formulaire(c, "droit")
	if !ok {
		return
	}
	v, err := w.Interieur.RedemanderDroits(c, acteDuFormulaire(c), c.PostFormArray("droit"))
	if err != nil {
		w.montrerRefus(c, f, err, nil, func(statut int, f Formulaire) { w.montrerCompte(c, statut, f) })
		return
	}
	w.fait(c, v, "droit-redemande", "/compte#entites")
}

// CompteModifie is the form of MA-71.
type CompteModifie struct {
	Piece
	Identifiant, Email string
	Epreuve            Epreuve
}

// getModifier answers GET /compte/modifier.
func (w *Web) getModifier(c *gin.Context) { w.montrerModifier(c, http.StatusOK, Formulaire{}) }

func (w *Web) montrerModifier(c *gin.Context, statut int, f Formulaire) {
	m, err := w.Interieur.MonCompte(c)
	if err != nil {
		w.echouer(c, err)
		return
	}
	if f.Valeurs == nil {
		f.Valeurs = valeurs("civilite", m.Identite.Civilite, "nom", m.Identite.Nom, "prenom", m.Identite.Prenom, "telephone", m.Identite.Telephone)
	}
	p := CompteModifie{Piece: w.piece(c, "Modifier mon compte", "/compte"), Identifiant: m.Identifiant, Email: m.Identite.Email}
	if p.Epreuve, err = w.Portes.Epreuve(c, "compte"); err != nil {
		w.echouer(c, err)
		return
	}
	p.Formulaire = f
	w.rendre(c, statut, PageModifier(p))
}

// postModifier answers POST /compte/modifier.
func (w *Web) postModifier(c *gin.Context) {
	f, ok := w.formulaire(c, "civilite", "nom", "prenom", "telephone", champReponse, champJeton, champPiege)
	if !ok {
		return
	}
	l := lecteur{Formulaire: f}
	ch := opco.ChargeModifier{Civilite: f.Valeur("civilite")}
	l.exiger("civilite", ch.Civilite == "Mme" || ch.Civilite == "M.", "Choisissez une civilité.")
	ch.Nom, ch.Prenom, ch.Telephone = l.nom("nom"), l.nom("prenom"), l.facultatif("telephone")
	montrer := func(statut int, f Formulaire) { w.montrerModifier(c, statut, f) }
	if len(l.fautes) > 0 {
		reprendrePage(l, montrer)
		return
	}
	v, err := w.Interieur.ModifierCompte(c, acteDuFormulaire(c), ch, f.reponseEpreuve())
	if err != nil {
		w.montrerRefus(c, f, err, nil, montrer)
		return
	}
	w.fait(c, v, "enregistre", "/compte")
}

// nombreOnglets is how many parts an account has: nobody reads the dossiers of the
// staff.
func nombreOnglets(p Page) int {
	if p.Qui != nil && p.Qui.Interne {
		return 3
	}
	return 4
}
